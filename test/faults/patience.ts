/** Longest wait for a moment that is sure to come, ms: long, because the machine may have much else to do. */
export const PATIENCE_MS = 300_000;
