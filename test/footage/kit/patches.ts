import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { tools } from '../../kit/videos.ts';
import type { Rgb } from './expected-color.ts';

/** A chart of patches as a video, and what its patches look like after a chain of filters. */

const columns = 8;
const rows = 6;
const side = 32;
export const chartSize = { width: columns * side, height: rows * side };

const grayLevels = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.58, 0.65, 0.75, 0.85, 1];
/** So many of the chart, from its beginning, are gray. */
export const grays = grayLevels.length;

/** R'G'B' of the source, 0 to 1: grays, all hues at four levels and two strengths, skin, and the corners of the gamut. */
export const chart: Rgb[] = [
  ...grayLevels.map((gray): Rgb => [gray, gray, gray]),
  ...[0.25, 0.45, 0.6, 0.75].flatMap((high) => hues(high, high * 0.4)),
  ...hues(1, 0),
  // Skin, dark to light, about as PQ and HLG have it.
  ...([
    [0.32, 0.27, 0.24],
    [0.42, 0.36, 0.32],
    [0.5, 0.44, 0.4],
    [0.56, 0.5, 0.46],
  ] satisfies Rgb[]),
  [0.7, 0.55, 0.3],
  [0.3, 0.5, 0.7],
];

/** Red, yellow, green, cyan, blue, magenta. */
function hues(high: number, low: number): Rgb[] {
  return [
    [high, low, low],
    [high, high, low],
    [low, high, low],
    [low, high, high],
    [low, low, high],
    [high, low, high],
  ];
}

export interface ChartKind {
  /** Weights of red and blue in luma. */
  weights: readonly [red: number, blue: number];
  range: 'tv' | 'pc';
  /** Planar, 8 or 10 bits, `yuv420p` to `yuv444p10le`, or planar RGB `gbrp10le`. */
  pixelFormat: string;
  /** By the names of FFmpeg: primaries, transfer, matrix; null writes none. */
  tags: readonly [string, string, string] | null;
  encoding: string[];
}

/** Draws half a second of the chart. @param to path of the video */
export async function drawChart(kind: ChartKind, to: string, size = chartSize): Promise<void> {
  const { pixelFormat, range, tags, encoding } = kind;
  const raw = `${to}.raw`;
  await writeFile(raw, planes(kind));
  const said = tags ?? ['unknown', 'unknown', 'unknown'];
  const params = `range=${range}:color_primaries=${said[0]}:color_trc=${said[1]}:colorspace=${said[2]}`;
  const tagged = tags
    ? ['-color_primaries', said[0], '-color_trc', said[1], '-colorspace', said[2]].map((one) =>
        one === 'gbr' ? 'rgb' : one,
      )
    : [];
  const grown =
    size.width === chartSize.width
      ? ''
      : `scale=${size.width}:${size.height}:flags=neighbor:in_range=${range}:out_range=${range},`;
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    pixelFormat,
    '-s',
    `${chartSize.width}x${chartSize.height}`,
    '-r',
    '10',
    '-i',
    raw,
  ];
  const filters = ['-vf', `loop=4:1:0,setparams=${params},${grown}format=${pixelFormat},setparams=${params}`];
  await ffmpeg([...input, ...filters, ...encoding, ...tagged, '-color_range', range, to]);
  await rm(raw);
}

/** The planes of one picture, patch by patch. */
function planes({ weights, range, pixelFormat }: ChartKind): Buffer {
  const bits = pixelFormat.includes('10') ? 10 : 8;
  const isRgb = pixelFormat.startsWith('gbr');
  const [across, down] = pixelFormat.includes('420') ? [2, 2] : pixelFormat.includes('422') ? [2, 1] : [1, 1];
  const scale = range === 'tv' ? 2 ** (bits - 8) : (2 ** bits - 1) / 255;
  const [black, luma, chroma] = range === 'tv' ? [16, 219, 224] : [0, 255, 255];
  const codes = chart.map(([red, green, blue]) => {
    if (isRgb) return [green, blue, red].map((one) => one * (2 ** bits - 1));
    const y = weights[0] * red + (1 - weights[0] - weights[1]) * green + weights[1] * blue;
    const differences = [(blue - y) / (2 - 2 * weights[1]), (red - y) / (2 - 2 * weights[0])];
    return [(black + luma * y) * scale, ...differences.map((one) => 2 ** (bits - 1) + chroma * one * scale)];
  });
  const each = [0, 1, 2].map((plane) => {
    const [width, height] = plane === 0 ? [side, side] : [side / across, side / down];
    const samples = Array.from({ length: columns * width * rows * height }, (_, index) => {
      const [x, y] = [index % (columns * width), Math.floor(index / (columns * width))];
      const patch = codes[Math.floor(y / height) * columns + Math.floor(x / width)] ?? codes[0]!;
      return Math.min(2 ** bits - 1, Math.max(0, Math.round(patch[plane]!)));
    });
    return Buffer.from((bits === 8 ? Uint8Array.from(samples) : Uint16Array.from(samples)).buffer);
  });
  return Buffer.concat(each);
}

/** R'G'B' of the middle of every patch of a yuv420p picture in BT.709's matrix and limited range. */
export async function readChart(file: string, size = chartSize): Promise<Rgb[]> {
  const args = ['-i', file, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-'];
  const bytes = await ffmpeg(args, 'buffer');
  const [wide, high] = [Math.ceil(size.width / 2), Math.ceil(size.height / 2)];
  return chart.map((_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const mean = (offset: number, width: number, height: number) => {
      const [left, top] = [((column + 0.5) * width) / columns, ((row + 0.5) * height) / rows].map(Math.floor) as [
        number,
        number,
      ];
      const half = Math.max(1, Math.floor(width / columns / 4));
      const samples: number[] = [];
      for (let y = top - half; y < top + half; y++)
        for (let x = left - half; x < left + half; x++) samples.push(bytes[offset + y * width + x] ?? NaN);
      return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
    };
    const pixels = size.width * size.height;
    const luma = (mean(0, size.width, size.height) - 16) / 219;
    const cb = (mean(pixels, wide, high) - 128) / 224;
    const cr = (mean(pixels + wide * high, wide, high) - 128) / 224;
    const [red, blue] = [luma + cr * 2 * (1 - 0.2126), luma + cb * 2 * (1 - 0.0722)];
    return [red, (luma - 0.2126 * red - 0.0722 * blue) / 0.7152, blue];
  });
}

export async function ffmpeg(args: string[], encoding: BufferEncoding | 'buffer' = 'utf8'): Promise<Buffer> {
  const all = ['-nostdin', '-v', 'error', '-y', ...args];
  const { stdout } = await promisify(execFile)(tools.ffmpeg, all, {
    timeout: 60_000,
    encoding: encoding as 'buffer',
    maxBuffer: 2 ** 28,
  });
  return stdout;
}
