/**
 * Threads for FFmpeg. As many steps at once as cores with one thread each is the fastest (measured 7–10 % over one step
 * with all threads); a step that is alone must still use every core. Pure.
 *
 * @param busy steps at work, this one included
 */
export function threadsFor(cores: number, busy: number): number {
  return Math.max(1, Math.floor(cores / Math.max(1, busy)));
}
