import type { GrayPicture } from './measure.ts';

/** Shapes that are drawn and found again. Pure. */

/** A filter that paints a white disc on gray at the centre. @param aspect of a pixel, 1 for square ones */
export function disc(width: number, height: number, aspect = 1): string {
  const radius = Math.min(width * aspect, height) / 6;
  const inside = `lt(hypot((X-${width / 2})*${aspect},Y-${height / 2}),${radius})`;
  return `geq=lum='if(${inside},235,60)':cb=128:cr=128`;
}

/** Width by height of a white disc, 1 where it is round; NaN without one. What is gray or darker is not of it. */
export function roundness({ width, height, bytes }: GrayPicture): number {
  // By light and not by counting, so that soft edges count in part.
  const light = (x: number, y: number) => Math.min(1, Math.max(0, ((bytes[y * width + x] ?? 0) - 70) / 165));
  const rows = new Float64Array(height);
  const columns = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y] = (rows[y] ?? 0) + light(x, y);
      columns[x] = (columns[x] ?? 0) + light(x, y);
    }
  }
  const [widest, tallest] = [Math.max(...rows), Math.max(...columns)];
  return widest < 5 ? NaN : widest / tallest;
}

/**
 * A filter that paints slanted stripes below the numbers, which move with every picture: interlaced, each frame has two
 * places of them. @param speed pixels a picture
 */
export function stripes(height: number, speed: number): string {
  const wave = `126+100*sin(2*PI*(X/14+Y/22-N*${speed}/14))`;
  return `geq=lum='if(gte(Y,${Math.ceil(height * 0.6)}),${wave},p(X,Y))':cb='p(X,Y)':cr='p(X,Y)'`;
}

/** How much rows differ from both of their neighbours below the numbers: what combing makes large. */
export function comb({ width, height, bytes }: GrayPicture): number {
  let [sum, count] = [0, 0];
  for (let y = Math.ceil(height * 0.65); y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const at = y * width + x;
      const [above = 0, here = 0, below = 0] = [bytes[at - width], bytes[at], bytes[at + width]];
      sum += Math.abs(above - 2 * here + below);
      count++;
    }
  }
  return sum / count;
}
