import type { GrayPicture } from './measure.ts';

/** What is drawn below the numbers, and how it is found again. Pure. */

/** A filter that paints a disc at the lower middle: a quarter of the height wide where pixels are square. */
export function disc(width: number, height: number): string {
  const radius = height / 8;
  const inside = `lt(hypot(X-${width / 2},Y-${height * 0.8}),${radius})`;
  const below = `gte(Y,${Math.ceil(height * 0.6)})`;
  return `geq=lum='if(${below},if(${inside},235,60),p(X,Y))':cb='p(X,Y)':cr='p(X,Y)'`;
}

/** Width by height of the white disc below the middle of a picture, 1 where it is round; NaN without one. */
export function roundness({ width, height, bytes }: GrayPicture): number {
  // The row and the column with most of it, by light and not by counting, so that soft edges count in part.
  const light = (x: number, y: number) => Math.min(1, Math.max(0, ((bytes[y * width + x] ?? 0) - 60) / 175));
  let [widest, tallest] = [0, 0];
  const from = Math.ceil(height * 0.62);
  for (let y = from; y < height; y++) {
    let sum = 0;
    for (let x = 0; x < width; x++) sum += light(x, y);
    widest = Math.max(widest, sum);
  }
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let y = from; y < height; y++) sum += light(x, y);
    tallest = Math.max(tallest, sum);
  }
  return widest / tallest;
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
