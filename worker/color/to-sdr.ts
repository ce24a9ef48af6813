import type { Size } from '../clip/frame.ts';
import { colorWork, isRgb, type SourceColor } from './color.ts';
import { grayCurve, type LutSpec } from './lut.ts';

/** The filters that make a source's colors those of BT.709. Pure. */

const bt709 = 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709';

/** By the names of FFmpeg's `setparams`, of `zscale` and of `scale`. */
const matrices = {
  bt2020: { params: 'bt2020nc', zscale: '2020_ncl', scale: 'bt2020' },
  bt709: { params: 'bt709', zscale: '709', scale: 'bt709' },
  bt601: { params: 'smpte170m', zscale: '170m', scale: 'smpte170m' },
};

/**
 * From decoded pictures to yuv420p, BT.709, limited range, exactly as large as said. The filters go in one chain, joined
 * by commas; one of them is a graph of its own whose labels begin with `color_`, so that it can be there once in a command.
 * @param lutPath where the table of `colorWork` lies, if it wants one: letters, digits, `/`, `.`, `_` and `-`
 */
export function toSdr(color: SourceColor, scaled: Size, lutPath: string | null): string[] {
  const { lut } = colorWork(color);
  if (lut === undefined || lutPath === null) return [matrixChanged(color, scaled)];
  const even = { width: scaled.width + (scaled.width % 2), height: scaled.height + (scaled.height % 2) };
  const isEven = even.width === scaled.width && even.height === scaled.height;
  return [
    ...tagged(color, lut),
    ...toTenBits(color, lut, even),
    'setsar=1',
    mapped(lut, even, lutPath),
    ...(isEven ? [] : [`crop=${scaled.width}:${scaled.height}:0:0:exact=1`]),
    bt709,
  ];
}

function matrixChanged(color: SourceColor, { width, height }: Size): string {
  const bySize = Math.min(color.width, color.height) >= 720 ? 'bt709' : 'smpte170m';
  const from = color.matrix !== null || isRgb(color) ? '' : `in_color_matrix=${bySize}:`;
  // From another matrix the way leads through RGB, which unless told otherwise leaves grays a code off, with a tint.
  const isOther = !isRgb(color) && (color.matrix ?? bySize) !== 'bt709';
  const flags = isOther ? 'bicubic+accurate_rnd+full_chroma_int' : 'bicubic';
  return `scale=${width}:${height}:flags=${flags}:${from}out_color_matrix=bt709:out_range=tv`;
}

/** Single pictures may say other than the file, or nothing, and then zscale finds no way. */
function tagged(color: SourceColor, { matrix }: LutSpec): string[] {
  const space = isRgb(color) ? 'gbr' : matrices[matrix].params;
  return [`setparams=range=${rangeOf(color)}:color_primaries=bt2020:color_trc=bt2020-10:colorspace=${space}`];
}

function rangeOf(color: SourceColor): 'tv' | 'pc' {
  return color.range ?? (isRgb(color) ? 'pc' : 'tv');
}

/** Scaled first, so that all that follows is done to fewer pixels. zscale is the faster, but wants even sizes. */
function toTenBits(color: SourceColor, { matrix }: LutSpec, { width, height }: Size): string[] {
  const names = matrices[matrix];
  const range = rangeOf(color);
  const isEven = color.width % 2 === 0 && color.height % 2 === 0;
  const from = isRgb(color) ? 'gbr' : names.zscale;
  return [
    isEven
      ? `zscale=${width}:${height}:filter=bicubic:min=${from}:m=${names.zscale}:rin=${range}:r=tv`
      : `scale=${width}:${height}:flags=bicubic:in_color_matrix=${names.scale}:out_color_matrix=${names.scale}:in_range=${range}:out_range=tv`,
    'format=yuv420p10le',
  ];
}

/**
 * Luma by the curve of grays at full size; beside it the table at half the width and height, where 4:2:0 has its colors
 * anyway, which gives these and what luma is off. FFmpeg looks up 16 bits of planar RGB by SIMD and nothing less.
 */
function mapped(lut: LutSpec, { width, height }: Size, lutPath: string): string {
  const down = `zscale=${width / 2}:${height / 2}:filter=bilinear:min=${matrices[lut.matrix].zscale}:m=gbr:rin=tv:r=pc:cin=center`;
  const relabelled = 'mergeplanes=map0p=0:map1p=1:map2p=2:format=yuv444p16le';
  const up = `zscale=${width}:${height}:filter=bilinear:min=709:m=709:rin=tv:r=tv:c=center:dither=ordered`;
  return [
    'split[color_luma][color_half]',
    `[color_luma]lutyuv=y='${curveOf(lut)}',${bt709},zscale=min=709:m=709:rin=tv:r=tv:dither=ordered,format=yuv420p[color_gray]`,
    `[color_half]${down},format=gbrp16le,lut3d=${lutPath},${relabelled},${bt709},${up},format=yuv420p[color_off]`,
    '[color_off][color_gray]blend=c0_mode=grainmerge:c1_mode=normal:c2_mode=normal',
  ].join(';');
}

/** The curve of grays as FFmpeg's expression of a code; the half is for its rounding down. */
function curveOf(lut: LutSpec): string {
  const curve = grayCurve(lut);
  const pieces = curve.slice(1).map((after, index) => {
    const before = curve[index]!;
    const slope = (after.to - before.to) / (after.from - before.from);
    return `${slope.toFixed(5)}*(clip(val,${before.from},${after.from})-${before.from})`;
  });
  return [(curve[0]!.to + 0.5).toFixed(3), ...pieces].join('+');
}
