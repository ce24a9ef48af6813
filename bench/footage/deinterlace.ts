import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { undo } from '../../test/kit/undo.ts';
import { always, idrl, probe } from '../../test/kit/videos-clip.ts';
import type { Media } from '../../shared/task/media.ts';
import { encodeClip } from '../../worker/clip/encode.ts';
import { planClips } from '../../worker/ingest/timeline.ts';
import { atMost, rounded, type Measured, type Run } from '../bench.ts';
import { once } from '../pipeline/sources.ts';
import { endedChildrenCpu } from '../processes.ts';
import { median, ratioOfPairs } from '../statistics.ts';

const ROUNDS = 5;

/** The same part of 1080i25 with its fields made into pictures, and as they are. */
export async function deinterlacing({ t, say, quick, signal }: Run): Promise<Measured> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  // FFmpeg may run as another user.
  await chmod(folder, 0o711);
  undo(t, () => rm(folder, { recursive: true, force: true }));
  const source = await fields(quick ? 2 : 6);
  const { media, pictures } = await probe(source);
  const woven: Media = { ...media, video: { ...media.video, scan: 'progressive' } };
  const profile = { ...idrl, bumper: null };
  const [input] = planClips(pictures, media, profile);
  if (!input || media.video.scan !== 'interlaced') throw new Error(`the sample is ${media.video.scan}`);
  const spent = { deinterlaced: [] as number[], woven: [] as number[] };
  for (let round = 0; round <= (quick ? 1 : ROUNDS); round++) {
    for (const [way, as] of [
      ['deinterlaced', media],
      ['woven', woven],
    ] as const) {
      const began = await endedChildrenCpu();
      const to = path.join(folder, 'part.mp4');
      await encodeClip({ ...always, signal, threads: 1, source, input, media: as, profile, to });
      if (round > 0) spent[way].push((await endedChildrenCpu()) - began);
    }
  }
  const ratio = ratioOfPairs(spent.deinterlaced, spent.woven).median;
  say(`1080i25: ${rounded(median(spent.deinterlaced))} s deinterlaced, ${rounded(median(spent.woven))} s as it is`);
  return { ...spent, verdicts: [atMost('deinterlaced over as it is', ratio, 1.3)] };
}

function fields(seconds: number): Promise<string> {
  const drawn = `testsrc2=s=1920x1080:r=50:d=${seconds},noise=alls=4:allf=t,interlace=scan=tff:lowpass=off`;
  const options = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-b:v',
    '15M',
    '-flags',
    '+ildct+ilme',
    '-x264-params',
    'tff=1',
  ];
  return once(`fields-${seconds}.mp4`, ['-f', 'lavfi', '-i', drawn, ...options, '-pix_fmt', 'yuv420p']);
}
