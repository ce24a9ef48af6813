/** How different two colors look: CIEDE2000, as Sharma, Wu and Dalal (2005) write it. */

export type Lab = readonly [lightness: number, a: number, b: number];

const degrees = 180 / Math.PI;
const sin = (angle: number) => Math.sin(angle / degrees);
const cos = (angle: number) => Math.cos(angle / degrees);
const damped = (chroma: number) => Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7));

export function deltaE2000([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const g = 0.5 * (1 - damped((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [x1, x2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(x1, b1), Math.hypot(x2, b2)];
  const [h1, h2] = [hue(x1, b1), hue(x2, b2)];
  const isGray = c1 * c2 === 0;
  const apart = Math.abs(h1 - h2) > 180;
  const turn = isGray ? 0 : h2 - h1 + (apart ? (h2 > h1 ? -360 : 360) : 0);
  const dh = 2 * Math.sqrt(c1 * c2) * sin(turn / 2);
  const middle = isGray ? h1 + h2 : (h1 + h2 + (apart ? (h1 + h2 < 360 ? 360 : -360) : 0)) / 2;
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const t =
    1 - 0.17 * cos(middle - 30) + 0.24 * cos(2 * middle) + 0.32 * cos(3 * middle + 6) - 0.2 * cos(4 * middle - 63);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * c, 1 + 0.015 * c * t];
  const rt = -2 * damped(c) * sin(60 * Math.exp(-(((middle - 275) / 25) ** 2)));
  const [dl, dc] = [(l2 - l1) / sl, (c2 - c1) / sc];
  return Math.sqrt(dl ** 2 + dc ** 2 + (dh / sh) ** 2 + rt * dc * (dh / sh));
}

function hue(a: number, b: number): number {
  return (Math.atan2(b, a) * degrees + 360) % 360;
}
