import { wholeFrames, type Grid } from '../../shared/task/grid.ts';
import { Problem } from '../../shared/task/problem.ts';
import { fpsOf, ticksOf } from '../../shared/task/rate.ts';
import type { StepContext } from '../context.ts';
import { readJson, runFfprobe } from '../ffmpeg/ffprobe.ts';
import { avcConfig } from './boxes.ts';
import { readMoov } from './read-mp4.ts';

/** How much sound and pictures may be apart, in seconds: nobody notices 10 ms. */
const mostApart = 0.01;

/** A packet of sound is 21 ms: so much may the sound be longer, and a stream's its first one shorter. */
const mostLonger = 0.06;

/**
 * Parts that a decoder needs to be told different things for cannot be joined by copying.
 * @throws Problem clip_wrong
 */
export async function checkSame(parts: readonly string[]): Promise<void> {
  const [first, ...others] = await Promise.all(parts.map(async (part) => avcConfig(await readMoov(part))));
  if (!first || others.some((other) => !other?.equals(first))) {
    throw new Problem('clip_wrong', 'the parts have different parameters');
  }
}

/**
 * Every picture is there, once, at its own time.
 * @throws Problem clip_wrong
 */
export async function checkPictures(file: string, grid: Grid, context: StepContext): Promise<void> {
  const { ticks } = ticksOf(grid.rate);
  const places = new Uint8Array(wholeFrames(grid));
  let wrong: string | null = null;
  const { code, said } = await runFfprobe(
    file,
    ['-select_streams', 'v:0', '-show_entries', 'packet=pts', '-of', 'csv=p=0'],
    {
      ...{ tools: context.tools, signal: context.signal, seconds: 600, container: 'mov' },
      onLine: (line) => {
        if (!/^-?\d+/.test(line)) return;
        const place = Number.parseInt(line, 10) / ticks;
        if (places[place] === 0) places[place] = 1;
        else wrong ??= `a picture at place ${place} of ${places.length}`;
      },
    },
  );
  const missing = places.indexOf(0);
  if (code !== 0) wrong ??= said;
  if (missing >= 0) wrong ??= `no picture at place ${missing} of ${places.length}`;
  if (wrong !== null) throw new Problem('clip_wrong', wrong);
}

/**
 * The sound begins with the pictures and ends with them.
 * @throws Problem clip_wrong
 */
export async function checkSound(
  file: string,
  grid: Grid,
  { tools, signal }: Pick<StepContext, 'tools' | 'signal'>,
): Promise<void> {
  const { json } = await readJson(file, ['-select_streams', 'a:0', '-show_entries', 'stream=start_time,duration'], {
    ...{ tools, signal, seconds: 60, container: 'mov' },
  });
  const [stream] = (json as { streams?: { start_time?: string; duration?: string }[] } | null)?.streams ?? [];
  const begins = Number(stream?.start_time);
  const lasts = Number(stream?.duration);
  const seconds = wholeFrames(grid) / fpsOf(grid.rate);
  if (!(Math.abs(begins) < mostApart && Math.abs(lasts - seconds) < mostLonger)) {
    throw new Problem('clip_wrong', `the sound begins at ${begins} s and lasts ${lasts} s of ${seconds} s`);
  }
}
