/** How patient we are with Cloud Storage. Sizes are bytes, times milliseconds. */
export interface Limits {
  /** Sent at once; a multiple of 256 KiB, as the protocol asks for. Held in memory once for each running put. */
  block: number;
  /** For a block to be sent and answered. */
  blockMs: number;
  /** For a call that carries no file. */
  callMs: number;
  /** Without a byte while a file is read. */
  idleMs: number;
  /** Tries of one thing that make no headway. */
  tries: number;
  /** Pause before the second try; it doubles with each further one. */
  pauseMs: number;
  /** For the answer to "are you there". */
  checkMs: number;
}

export const usualLimits: Limits = {
  block: 8 * 1024 * 1024,
  blockMs: 120_000,
  callMs: 15_000,
  idleMs: 30_000,
  tries: 5,
  pauseMs: 250,
  checkMs: 4_000,
};
