import { timeCases } from './cases/time.ts';
import { checkCases } from './kit/check.ts';

checkCases('lengths, rates, beginnings and ends', timeCases, 'shipped');
