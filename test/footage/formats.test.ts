import { formatCases, refusedCases, unusedCases } from './cases/formats.ts';
import { checkCases } from './kit/check.ts';

checkCases('formats, and streams that are not used', [...formatCases, ...unusedCases, ...refusedCases], 'shipped');
