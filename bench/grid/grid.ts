import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { undo } from '../../test/kit/undo.ts';
import { idrl } from '../../test/kit/videos-clip.ts';
import { tools } from '../../test/kit/videos.ts';
import { pictureOptions } from '../../worker/clip/args.ts';
import { rounded, type Measured, type Run } from '../bench.ts';
import { endedChildrenCpu } from '../processes.ts';
import { table } from '../table.ts';
import { drawContents, type Content } from './contents.ts';
import { atEqual, geometricMean, type Point } from './equal.ts';

const PRESETS = ['superfast', 'veryfast', 'faster', 'fast', 'medium'];
const CRFS = [18, 21, 24, 27];
/** What the others are held against: what x264 does unless told otherwise. */
const MEASURE = { preset: 'medium', crf: 23 };
const SECONDS = 8;

/**
 * Preset by CRF on kinds of content that differ: likeness (SSIM), size and processor time, and what each preset takes to
 * look as well as `medium` at CRF 23.
 */
export async function grid({ t, say, quick, signal }: Run): Promise<Measured> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  undo(t, () => rm(folder, { recursive: true, force: true }));
  const contents = await drawContents(quick ? 2 : SECONDS);
  const results: { content: string; points: Point[] }[] = [];
  for (const content of quick ? contents.slice(0, 2) : contents) {
    const points: Point[] = [];
    results.push({ content: content.name, points });
    const given = [MEASURE, ...PRESETS.flatMap((preset) => CRFS.map((crf) => ({ preset, crf })))];
    for (const one of given) {
      signal.throwIfAborted();
      points.push(await encode(content, one, path.join(folder, 'encoded.mp4')));
    }
    say(`${content.name}, ${content.seconds} s:`);
    for (const line of table(points.map(rowOf))) say(line);
  }
  const equal = results.flatMap(({ content, points }) => againstMeasure(content, points));
  say(`to look as well as ${MEASURE.preset} at CRF ${MEASURE.crf}:`);
  for (const line of table(equal.map(({ crf, ...row }) => ({ ...row, crf: rounded(crf) })))) say(line);
  for (const line of table(PRESETS.map((preset) => meanOf(preset, equal)))) say(line);
  return { seconds: SECONDS, measure: MEASURE, results, equal };
}

interface Against {
  content: string;
  preset: string;
  crf: number;
  cpu_ratio: number;
  bytes_ratio: number;
}

function againstMeasure(content: string, [measure, ...points]: Point[]): Against[] {
  if (!measure) return [];
  return PRESETS.flatMap((preset) => {
    const equal = atEqual(
      points.filter((point) => point.preset === preset),
      measure.ssim,
    );
    if (!equal) return [];
    const ratios = { cpu_ratio: rounded(equal.cpu / measure.cpu), bytes_ratio: rounded(equal.bytes / measure.bytes) };
    return [{ content, preset, crf: equal.crf, ...ratios }];
  });
}

function meanOf(preset: string, equal: Against[]): Record<string, string | number> {
  const ours = equal.filter((one) => one.preset === preset);
  const mean = (of: 'cpu_ratio' | 'bytes_ratio') => rounded(geometricMean(ours.map((one) => one[of])));
  const crf = rounded(ours.reduce((sum, one) => sum + one.crf, 0) / ours.length);
  return { preset, contents: ours.length, cpu_ratio: mean('cpu_ratio'), bytes_ratio: mean('bytes_ratio'), crf };
}

/** With the encoder's settings of a clip, on one thread. */
async function encode(content: Content, { preset, crf }: typeof MEASURE, to: string): Promise<Point> {
  const options = pictureOptions({ ...idrl.video, preset, crf } as typeof idrl.video, 48, 1);
  const began = await endedChildrenCpu();
  await ffmpeg(['-threads', '1', '-i', content.file, '-an', ...options, to]);
  const cpu = (await endedChildrenCpu()) - began;
  const { bytes, ssim } = { bytes: (await stat(to)).size, ssim: await likeness(to, content.file) };
  await rm(to);
  return { preset, crf, ssim, bytes, cpu };
}

async function likeness(encoded: string, source: string): Promise<number> {
  const { stderr } = await ffmpeg(['-i', encoded, '-i', source, '-lavfi', '[0:v][1:v]ssim', '-f', 'null', '-'], 'info');
  const all = /SSIM .*All:([0-9.]+)/.exec(stderr)?.[1];
  if (!all) throw new Error(`FFmpeg said nothing of likeness: ${stderr.slice(-500)}`);
  return Number(all);
}

function ffmpeg(args: string[], level = 'error') {
  return promisify(execFile)(tools.ffmpeg, ['-nostdin', '-y', '-hide_banner', '-v', level, ...args]);
}

function rowOf({ preset, crf, ssim, bytes, cpu }: Point): Record<string, string | number> {
  return { preset, crf, ssim: ssim.toFixed(4), mb: rounded(bytes / 1e6), cpu_s: rounded(cpu) };
}
