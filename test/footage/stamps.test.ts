import { stampCases, truncatedCases } from './cases/stamps.ts';
import { checkCases } from './kit/check.ts';

checkCases('clocks that are not what they should be', [...stampCases, ...truncatedCases], 'shipped');
