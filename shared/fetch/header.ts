export type AnswerHeaders = Record<string, string | string[] | undefined>;

/** A header that counts once, however often it was sent. */
export function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
