import { execFile } from 'node:child_process';
import { access, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { tools } from '../../test/kit/videos.ts';

const kept = path.join(import.meta.dirname, '../../build/bench/sources');
/** What is drawn; longer sources repeat it. */
const DRAWN_SECONDS = 60;

/** A video of 1080p30 with motion, grain and sound, of any length. Drawn once and kept. @returns its path */
export async function movingSource(seconds: number): Promise<string> {
  const minute = await once('minute.mp4', drawing());
  const repeats = Math.ceil(seconds / DRAWN_SECONDS) - 1;
  const copying = ['-stream_loop', `${repeats}`, '-i', minute, '-t', `${seconds}`, '-c', 'copy'];
  return once(`moving-${seconds}.mp4`, copying);
}

function drawing(): string[] {
  const pictures = `testsrc2=s=1920x1080:r=30:d=${DRAWN_SECONDS},noise=alls=6:allf=t,format=yuv420p`;
  const sound = `aevalsrc='0.3*sin(2*PI*(300+200*sin(t))*t)':s=48000:d=${DRAWN_SECONDS}`;
  return [
    ...['-f', 'lavfi', '-i', pictures, '-f', 'lavfi', '-i', sound, '-shortest'],
    ...['-c:v', 'libx264', '-preset', 'superfast', '-b:v', '6M', '-maxrate', '8M', '-bufsize', '12M', '-g', '120'],
    ...['-c:a', 'aac', '-b:a', '128k'],
  ];
}

/** Draws what is not there yet. @returns its path */
export async function once(name: string, args: string[]): Promise<string> {
  await mkdir(kept, { recursive: true });
  const file = path.join(kept, name);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) return file;
  const unfinished = path.join(kept, `unfinished-${process.pid}-${name}`);
  await promisify(execFile)(tools.ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, unfinished]);
  await rename(unfinished, file);
  return file;
}
