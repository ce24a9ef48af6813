import { test } from 'node:test';
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { colorWork, type SourceColor } from '../../worker/color/color.ts';
import { lutText } from '../../worker/color/lut.ts';
import { toSdr } from '../../worker/color/to-sdr.ts';
import { readJson } from '../../worker/ffmpeg/ffprobe.ts';
import { undo } from '../kit/undo.ts';
import { tools } from '../kit/videos.ts';
import { deltaE2000, type Lab } from './kit/delta-e.ts';
import { expectedColor, labOf, type Kind } from './kit/expected-color.ts';
import { chart, chartSize, drawChart, ffmpeg, grays, readChart, type ChartKind } from './kit/patches.ts';

const weights = { bt2020: [0.2627, 0.0593], bt709: [0.2126, 0.0722], bt601: [0.299, 0.114] } as const;
const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:lossless=1'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0'];
const ffv1 = ['-c:v', 'ffv1'];

interface Case extends Kind, Omit<ChartKind, 'weights'> {
  name: string;
  matrix: keyof typeof weights;
  container?: string;
  color?: Partial<SourceColor>;
  drawn?: typeof chartSize;
  scaled?: typeof chartSize;
}

const hlg = {
  transfer: 'hlg',
  primaries: 'bt2020',
  matrix: 'bt2020',
  range: 'tv',
  pixelFormat: 'yuv420p10le',
} as const;
const hlgTags = ['bt2020', 'arib-std-b67', 'bt2020nc'] as const;
const pq = { ...hlg, transfer: 'pq', encoding: x265, tags: ['bt2020', 'smpte2084', 'bt2020nc'] } as const;
const sdr = { transfer: 'sdr', primaries: 'bt709', range: 'tv', pixelFormat: 'yuv420p', encoding: x264 } as const;
const bt2020 = { ...hlg, transfer: 'sdr', encoding: x265, tags: ['bt2020', 'bt2020-10', 'bt2020nc'] } as const;

const cases: Case[] = [
  { name: 'HLG', ...hlg, encoding: x265, tags: hlgTags },
  {
    name: 'HLG that says its transfer alone',
    ...hlg,
    encoding: ffv1,
    container: 'mkv',
    tags: ['unknown', 'arib-std-b67', 'unknown'],
  },
  { name: 'HLG in 4:2:2', ...hlg, pixelFormat: 'yuv422p10le', encoding: ffv1, container: 'mkv', tags: hlgTags },
  {
    name: 'HLG in 4:4:4 and full range',
    ...hlg,
    range: 'pc',
    pixelFormat: 'yuv444p10le',
    encoding: ffv1,
    container: 'mkv',
    tags: hlgTags,
  },
  {
    name: 'HLG in RGB',
    ...hlg,
    range: 'pc',
    pixelFormat: 'gbrp10le',
    encoding: ffv1,
    container: 'mkv',
    tags: ['bt2020', 'arib-std-b67', 'gbr'],
  },
  {
    name: 'HLG of odd sizes',
    ...hlg,
    encoding: x265,
    tags: hlgTags,
    drawn: { width: 512, height: 384 },
    scaled: { width: 511, height: 383 },
  },
  { name: 'HLG scaled down', ...hlg, encoding: x265, tags: hlgTags, drawn: { width: 1024, height: 768 } },
  { name: 'PQ without metadata', ...pq },
  { name: 'PQ of 4,000 cd/m²', ...pq, peak: 4000, color: { mastering_peak: 4000 } },
  { name: 'PQ of 4,000 cd/m² that takes 600', ...pq, peak: 600, color: { mastering_peak: 4000, max_cll: 600 } },
  { name: 'bt2020 that is not HDR', ...bt2020 },
  { name: 'P3 that is not HDR', ...bt2020, primaries: 'p3', matrix: 'bt709', tags: ['smpte432', 'bt709', 'bt709'] },
  { name: 'BT.601 of PAL', ...sdr, matrix: 'bt601', tags: ['bt470bg', 'bt709', 'bt470bg'] },
  { name: 'BT.601 of NTSC', ...sdr, matrix: 'bt601', tags: ['smpte170m', 'smpte170m', 'smpte170m'] },
  { name: 'small and without tags', ...sdr, matrix: 'bt601', tags: null },
  { name: 'full range', ...sdr, matrix: 'bt709', range: 'pc', tags: ['bt709', 'bt709', 'bt709'] },
  {
    name: 'BT.709 in 10 bits',
    ...sdr,
    pixelFormat: 'yuv420p10le',
    encoding: x265,
    matrix: 'bt709',
    tags: ['bt709', 'bt709', 'bt709'],
  },
];

for (const one of cases) {
  test(`the colors of ${one.name} come out as the formulas say`, async (t) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-color-'));
    await chmod(folder, 0o711);
    undo(t, () => rm(folder, { recursive: true, force: true }));
    const { scaled = chartSize } = one;
    const to = await converted(one, scaled, folder);
    const seen = await readChart(to, evenWithin(scaled));
    const off = seen.map((color, index) => deltaE2000(labOf(color), labOf(expectedColor(chart[index]!, one))));
    const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
    const worst = off.indexOf(Math.max(...off));
    const tints = seen.slice(0, grays).map((color) => tintOf(labOf(color)));
    t.diagnostic(
      `ΔE2000: mean ${mean.toFixed(2)}, worst ${off[worst]!.toFixed(2)} at ${chart[worst]!.join(' ')}; tint ${Math.max(...tints).toFixed(2)}`,
    );
    assert.ok(mean <= 3, `mean ΔE2000 ${mean}`);
    assert.ok(off[worst]! <= 8, `ΔE2000 ${off[worst]} of ${chart[worst]!.join(' ')}`);
    assert.ok(Math.max(...tints) <= 2, `grays have a tint: ${tints.join(' ')}`);
    assert.deepEqual(await tagsOf(to), {
      color_range: 'tv',
      color_primaries: 'bt709',
      color_transfer: 'bt709',
      color_space: 'bt709',
    });
  });
}

/** As a clip's frame is, which is what encoders take. */
function evenWithin({ width, height }: typeof chartSize): typeof chartSize {
  return { width: width - (width % 2), height: height - (height % 2) };
}

/** How different a color looks from the gray of its lightness. */
function tintOf([lightness, a, b]: Lab): number {
  return deltaE2000([lightness, a, b], [lightness, 0, 0]);
}

/** What the filters make of the chart, encoded without loss. */
async function converted(one: Case, scaled: typeof chartSize, folder: string): Promise<string> {
  const { matrix, tags, range, pixelFormat, drawn = chartSize } = one;
  const source = path.join(folder, `source.${one.container ?? 'mp4'}`);
  await drawChart({ ...one, weights: weights[matrix] }, source, drawn);
  const tag = (index: 0 | 1 | 2) => (tags && tags[index] !== 'unknown' ? tags[index] : null);
  const color: SourceColor = {
    ...{ primaries: tag(0), transfer: tag(1), matrix: tag(2), range, pixel_format: pixelFormat },
    ...{ ...drawn, ...one.color },
  };
  const { lut } = colorWork(color);
  const table = path.join(folder, 'table.cube');
  if (lut) await writeFile(table, lutText(lut));
  const { width, height } = evenWithin(scaled);
  const said = 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709';
  const framed = [`crop=${width}:${height}`, 'setsar=1', 'format=yuv420p', said];
  const to = path.join(folder, 'out.mp4');
  await ffmpeg(['-i', source, '-vf', [...toSdr(color, scaled, lut ? table : null), ...framed].join(','), ...x264, to]);
  return to;
}

async function tagsOf(file: string): Promise<unknown> {
  const { signal } = new AbortController();
  const entries = ['-show_entries', 'stream=color_range,color_primaries,color_transfer,color_space'];
  const { json, said } = await readJson(file, entries, { tools, signal, seconds: 60, container: 'mov' });
  assert.ok(json, said);
  return (json as { streams: unknown[] }).streams[0];
}
