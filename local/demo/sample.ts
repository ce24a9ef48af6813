import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Tools } from '../../worker/ffmpeg/tools.ts';

/** Drawn once and kept: a moving test picture and a tone that wavers. */
export async function drawSample(folder: string, seconds: number, tools: Tools, signal: AbortSignal): Promise<string> {
  const sample = path.join(folder, `sample-${seconds}s.mp4`);
  if (await stat(sample).catch(() => null)) return sample;
  await mkdir(folder, { recursive: true });
  const drawing = path.join(folder, `.drawing-${process.pid}.mp4`);
  try {
    await promisify(execFile)(tools.ffmpeg, sampleArgs(seconds, drawing), { signal, timeout: 120_000 });
    await rename(drawing, sample);
  } finally {
    await rm(drawing, { force: true });
  }
  return sample;
}

function sampleArgs(seconds: number, to: string): string[] {
  return [
    ...['-nostdin', '-v', 'error', '-y'],
    ...['-f', 'lavfi', '-i', `testsrc2=size=1280x960:rate=30:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=330:duration=${seconds},tremolo=f=2:d=0.6`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '26', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-b:a', '96k', '-movflags', '+faststart', to],
  ];
}
