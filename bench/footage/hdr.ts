import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { undo } from '../../test/kit/undo.ts';
import { idrl } from '../../test/kit/videos-clip.ts';
import { tools } from '../../test/kit/videos.ts';
import { pictureOptions } from '../../worker/clip/args.ts';
import { colorWork, type SourceColor } from '../../worker/color/color.ts';
import { lutText } from '../../worker/color/lut.ts';
import { toSdr } from '../../worker/color/to-sdr.ts';
import { atMost, rounded, type Measured, type Run } from '../bench.ts';
import { once } from '../pipeline/sources.ts';
import { endedChildrenCpu } from '../processes.ts';
import { median, ratioOfPairs } from '../statistics.ts';
import { table } from '../table.ts';

const SECONDS = 3;
const ROUNDS = 3;
const size = { width: 1920, height: 1080 };
const bt709 = 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709';

/** What players and guides do: all in floating point, at full size. */
const usual = (transfer: string) =>
  [
    `setparams=range=tv:color_primaries=bt2020:color_trc=${transfer}:colorspace=bt2020nc`,
    'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv,format=yuv420p',
  ].join(',');

/**
 * A part of 10-bit HEVC, 1080p30, to H.264 on one thread: the same scene as SDR, as HLG and as PQ, these also by the
 * usual chain of filters. Rounds are interleaved, so that whatever else the machine does falls on all alike.
 */
export async function hdr({ t, say, quick, signal }: Run): Promise<Measured> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  undo(t, () => rm(folder, { recursive: true, force: true }));
  const [seconds, rounds] = quick ? [1, 1] : [SECONDS, ROUNDS];
  const ways: [name: string, transfer: string, filters: string][] = [
    ['SDR', 'bt709', await ours('bt709', folder)],
    ['HLG', 'arib-std-b67', await ours('arib-std-b67', folder)],
    ['PQ', 'smpte2084', await ours('smpte2084', folder)],
    ['HLG, usual chain', 'arib-std-b67', usual('arib-std-b67')],
    ['PQ, usual chain', 'smpte2084', usual('smpte2084')],
  ];
  const spent = new Map(ways.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, transfer, filters] of ways) {
      signal.throwIfAborted();
      const source = await drawn(seconds, transfer);
      const cpu = await encode(source, filters, path.join(folder, 'part.mp4'));
      // The first round warms the caches.
      if (round > 0) spent.get(name)?.push(cpu);
    }
  }
  const of = (name: string) => spent.get(name) ?? [];
  const results = ways.map(([way]) => {
    const over = (other: string) => rounded(ratioOfPairs(of(way), of(other)).median);
    const usualWay = `${way}, usual chain`;
    return {
      way,
      cpu_s: rounded(median(of(way))),
      of_sdr: over('SDR'),
      of_usual: spent.has(usualWay) ? over(usualWay) : '',
    };
  });
  say(`medians of ${rounds} interleaved rounds: ${seconds} s of 1080p30, 10-bit HEVC to H.264, one thread`);
  for (const line of table(results)) say(line);
  const verdicts = ['HLG', 'PQ'].flatMap((way) => [
    atMost(`${way} over SDR`, ratioOfPairs(of(way), of('SDR')).median, 1.5),
    atMost(`${way} over the usual chain`, ratioOfPairs(of(way), of(`${way}, usual chain`)).median, 0.75),
  ]);
  return { seconds, rounds, results, verdicts };
}

/** Edges and grain that move; in HDR, SDR's white is reference white, so that all are as hard to encode. */
function drawn(seconds: number, transfer: string): Promise<string> {
  const scene = `testsrc2=s=1920x1080:r=30:d=${seconds},noise=alls=6:allf=t,format=yuv444p10le,${bt709}`;
  const hdr = `zscale=p=bt2020:t=${transfer}:m=bt2020nc:npl=203`;
  const filters = `${scene}${transfer === 'bt709' ? '' : `,${hdr}`},format=yuv420p10le`;
  const options = ['-c:v', 'libx265', '-preset', 'veryfast', '-b:v', '12M', '-x265-params', 'log-level=error'];
  return once(`hevc-${transfer}-${seconds}.mp4`, ['-f', 'lavfi', '-i', filters, ...options, '-tag:v', 'hvc1']);
}

/** The service's filters, and its tags round them. */
async function ours(transfer: string, folder: string): Promise<string> {
  const [primaries, matrix] = transfer === 'bt709' ? ['bt709', 'bt709'] : ['bt2020', 'bt2020nc'];
  const color: SourceColor = { matrix, primaries, transfer, range: 'tv', pixel_format: 'yuv420p10le', ...size };
  const { lut } = colorWork(color);
  const file = path.join(folder, `${transfer}.cube`);
  if (lut) await writeFile(file, lutText(lut));
  const tagged = `setparams=range=tv:color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}`;
  return [tagged, ...toSdr(color, size, lut ? file : null), 'setsar=1', 'format=yuv420p', bt709].join(',');
}

/** @returns processor seconds */
async function encode(source: string, filters: string, to: string): Promise<number> {
  const threads = ['-threads', '1', '-filter_threads', '1', '-filter_complex_threads', '1'];
  const options = pictureOptions(idrl.video, 48, 1);
  const began = await endedChildrenCpu();
  const args = [...threads, '-i', source, '-filter_complex', `[0:v]${filters}[out]`, '-map', '[out]', ...options, to];
  await promisify(execFile)(tools.ffmpeg, ['-nostdin', '-y', '-v', 'error', ...args]);
  return (await endedChildrenCpu()) - began;
}
