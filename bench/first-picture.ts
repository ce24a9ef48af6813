import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { imagesFolder } from '../shared/task/catalog.ts';
import { idrl } from '../test/kit/videos-clip.ts';
import { tools } from '../test/kit/videos.ts';
import { clipCommand } from '../worker/clip/args.ts';
import { runFfmpeg } from '../worker/ffmpeg/run.ts';
import { probeSource } from '../worker/ingest/probe.ts';
import { planClips } from '../worker/ingest/timeline.ts';
import { median } from './statistics.ts';

const ROUNDS = 7;

/** How long the FFmpeg of a clip takes from its start to its end when it is told to stop after one picture, ms. */
export async function firstPictureMs(source: string): Promise<number> {
  const { signal } = new AbortController();
  const { media, pictures } = await probeSource(source, { tools, signal, limits: { maxSeconds: 3600 } });
  const profile = { ...idrl, bumper: null };
  const [input] = planClips(pictures, media, profile);
  if (!input) throw new Error('the source has no part');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  const image = (name: string) => path.join(imagesFolder, name);
  try {
    const given = { source, input, media, profile, image, threads: 1, mostBytes: 2 ** 30 };
    const command = clipCommand({ ...given, to: path.join(folder, 'clip.mp4') });
    const only = { ...command, options: [...command.options, '-frames:v', '1'] };
    const ms: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      const allowance = { memory: 2 ** 32, cpuSeconds: 60, fileSize: 2 ** 30 };
      await runFfmpeg(only, {
        tools: { ...tools, layers: [] },
        signal,
        wallSeconds: 60,
        allowance,
        onFrames: () => {},
      });
      ms.push(performance.now() - began);
    }
    return median(ms);
  } finally {
    await rm(folder, { recursive: true });
  }
}
