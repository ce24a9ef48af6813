import { shapeCases } from './cases/changing.ts';
import { interlacedCases } from './cases/interlaced.ts';
import { checkCases } from './kit/check.ts';

checkCases('scans and shapes', [...interlacedCases, ...shapeCases]);
