import { single, type AnswerHeaders } from './header.ts';

/** The part of a source that is there, of which the rest is asked for. */
export interface Held {
  bytes: number;
  /** Length of the whole; null when the server has not said. */
  total: number | null;
  /** What the server calls this version of the source. */
  validator: string;
}

/**
 * What tells that a source has not changed byte for byte, to be sent as `If-Range`: a strong entity tag, or a date of
 * change where there is no tag. A weak tag promises only a likeness, and a date of the last second may be followed by
 * another change in the same second (RFC 9110, sections 8.8.2.2 and 13.1.5).
 */
export function validatorOf(headers: AnswerHeaders): string | null {
  const tag = single(headers.etag);
  if (tag !== undefined) return tag.startsWith('"') ? tag : null;
  const changed = single(headers['last-modified']);
  if (changed === undefined) return null;
  const age = Date.parse(single(headers.date) ?? '') - Date.parse(changed);
  return age >= 1000 ? changed : null;
}

/** What asks for the rest, or for the whole if the source has changed meanwhile. */
export function rangeHeaders({ bytes, validator }: Held): Record<string, string> {
  return { range: `bytes=${bytes}-`, 'if-range': validator };
}

const contentRange = /^bytes (?<start>[0-9]+)-(?<end>[0-9]+)\/(?:(?<total>[0-9]+)|\*)$/i;

/**
 * Whether the head of a 206 is that of the rest. Some servers know `Range` and not `If-Range`, so the validator is
 * compared here once more.
 * @returns where it begins and how long the whole is, null where nobody has said; or why the rest does not fit to what is there
 */
export function judgeRest(
  headers: AnswerHeaders,
  held: Held,
): { start: number; total: number | null } | { unfit: string } {
  const header = single(headers['content-range']) ?? 'nothing';
  const range = contentRange.exec(header.trim())?.groups;
  if (range === undefined || Number(range.start) !== held.bytes || Number(range.end) < held.bytes)
    return { unfit: `answered ${header} when asked from byte ${held.bytes}` };
  const total = range.total === undefined ? held.total : Number(range.total);
  if (total !== null && (total !== (held.total ?? total) || Number(range.end) >= total))
    return { unfit: `answered ${header} for ${held.total} bytes` };
  return isSame(headers, held) ? { start: held.bytes, total } : { unfit: 'the source has changed' };
}

/** A 206 has to name its tag and may leave out its date (RFC 9110, section 15.3.7). */
function isSame(headers: AnswerHeaders, { validator }: Held): boolean {
  if (validator.startsWith('"')) return single(headers.etag) === validator;
  const changed = single(headers['last-modified']);
  return changed === undefined || changed === validator;
}
