/** Pictures a second as an exact fraction: 24000/1001 is no decimal. Pure. */
export interface Rate {
  over: number;
  under: number;
}

/** Most pictures a second that are taken over from a source; 60000/1001 stays what it is. */
export const mostFps = 60;

export function fpsOf({ over, under }: Rate): number {
  return over / under;
}

/** A profile's rate, given as a number: to the thousandth. */
export function rateOf(fps: number): Rate {
  return Number.isInteger(fps) ? { over: fps, under: 1 } : { over: Math.round(fps * 1000), under: 1000 };
}

/** As FFmpeg reads it. */
export function rateText({ over, under }: Rate): string {
  return under === 1 ? `${over}` : `${over}/${under}`;
}

/** Ticks a second of a track in which every picture of a rate begins at a whole tick, and the ticks of one picture. */
export function ticksOf({ over, under }: Rate): { timescale: number; ticks: number } {
  return under >= 1000 ? { timescale: over, ticks: under } : { timescale: over * 1000, ticks: under * 1000 };
}
