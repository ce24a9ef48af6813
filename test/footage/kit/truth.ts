/**
 * What a source shows and lets hear, and what has to come out of it. Pure.
 * Times are seconds from the beginning of the source's own clock: the earlier of pictures and sound.
 */

/** A picture's number, and when it begins to be shown. */
export type Shown = readonly [number: number, at: number];

/** Pictures of a steady rate. @param from number of the first */
export function steady(fps: number, seconds: number, from = 0, start = 0): Shown[] {
  const count = Math.round(seconds * fps);
  return Array.from({ length: count }, (_, at) => [from + at, start + at / fps] as const);
}

/** Number that is shown at a time: of the first picture before it begins, of the last after it ends. */
export function numberAt(pictures: readonly Shown[], time: number): number {
  let [low, high] = [0, pictures.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pictures[middle]?.[1] ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return pictures[Math.max(0, low - 1)]?.[0] ?? -1;
}

/** What a body of pictures at a steady rate is compared with. */
export interface Wanted {
  pictures: readonly Shown[];
  /** Length of the body. */
  seconds: number;
  fps: number;
  /** How far a picture may be from its time, in places: 0 where rates are the same. */
  slack: number;
  /** Whether each number of the source has to be there. */
  every: boolean;
  /** Pictures at the end that may be there or not. */
  ragged?: number;
}

/**
 * What is wrong with the pictures of a body, in words; nothing where all is right.
 * @param shown their numbers in order
 */
export function wrongPictures(shown: readonly number[], wanted: Wanted): string[] {
  const { pictures, seconds, fps, every, ragged = 0 } = wanted;
  const said: string[] = [];
  const places = seconds * fps;
  const [least, most] = [Math.floor(places - 0.05), Math.ceil(places + 0.05)];
  // A length that is no whole number of places may be rounded either way.
  const counts = Math.abs(places - Math.round(places)) <= 0.05 ? [Math.round(places)] : [least, most];
  if (shown.length < Math.max(1, Math.min(...counts) - ragged) || shown.length > Math.max(...counts) + ragged)
    said.push(`${shown.length} pictures instead of ${[...new Set(counts)].join(' or ')} at ${round(fps)} a second`);
  const offs = [...shown.keys()].filter(
    (place) => place < places - ragged && !mayShow(shown[place] ?? -1, place, wanted),
  );
  const [off] = offs;
  if (off !== undefined) {
    const right = numberAt(pictures, off / fps + rounding);
    said.push(`${offs.length} pictures wrong: at ${round(off / fps)} s ${shown[off]} is shown instead of ${right}`);
  }
  if (every) {
    const there = new Set(shown);
    const missing = pictures.filter(([number, at]) => !there.has(number) && at < seconds - (0.5 + ragged) / fps);
    if (missing.length > 0) said.push(`${missing.length} pictures never shown, the first of them ${missing[0]?.[0]}`);
    const back = shown.findIndex((number, place) => number < (shown[place - 1] ?? -1));
    if (back >= 0) said.push(`${shown[back]} is shown after ${shown[back - 1]}`);
  }
  return said;
}

/**
 * Without slack a picture has the place that it is nearest to, and stays until the next one's; with slack it may be what
 * the source shows so many places earlier or later. Containers round time stamps, to the millisecond at worst.
 */
function mayShow(number: number, place: number, { pictures, fps, slack }: Wanted): boolean {
  if (slack === Infinity) return true;
  if (slack === 0) return number === numberAt(pictures, (place + 0.5) / fps - rounding);
  const early = numberAt(pictures, (place - slack) / fps - rounding);
  const late = numberAt(pictures, (place + slack) / fps + rounding);
  return number >= early && number <= late;
}

const rounding = 0.0012;

/** Farthest that sound may be from its pictures, in seconds. */
const together = 0.02;

/** What is wrong with the beeps, in words. @param heard when they begin */
export function wrongBeeps(heard: readonly number[], right: readonly number[]): string[] {
  const list = (times: readonly number[]) => times.map((time) => time.toFixed(3)).join(' ');
  if (heard.length !== right.length)
    return [`${heard.length} beeps instead of ${right.length}: ${list(heard)} instead of ${list(right)}`];
  const apart = right.map((time, at) => (heard[at] ?? NaN) - time);
  const most = apart.reduce((far, one) => (Math.abs(one) > Math.abs(far) ? one : far), 0);
  return Math.abs(most) <= together ? [] : [`a beep is off by ${(1000 * most).toFixed(0)} ms: ${list(heard)}`];
}

function round(number: number): number {
  return Math.round(number * 1000) / 1000;
}
