import type { Measured, Run } from '../bench.ts';
import { deinterlacing } from './deinterlace.ts';
import { hdr } from './hdr.ts';
import { probing } from './probing.ts';

/** What everyday footage costs more than footage that is right as it is. */
export async function footage(run: Run): Promise<Measured> {
  const measured = { probing: await probing(run), deinterlacing: await deinterlacing(run), hdr: await hdr(run) };
  return { ...measured, verdicts: Object.values(measured).flatMap(({ verdicts = [] }) => verdicts) };
}
