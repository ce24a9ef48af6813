import { changingSoundCases, channelCases, soundAloneCases, trackCases } from './cases/sound.ts';
import { checkCases } from './kit/check.ts';

checkCases('sound', [...trackCases, ...channelCases, ...changingSoundCases, ...soundAloneCases]);
