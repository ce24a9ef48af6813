/** Longest wait for an answer, ms. The service lets the use of a refresh token be repeated for longer: see test/page/limits.test.ts. */
export const ANSWER_MS = 30_000;
