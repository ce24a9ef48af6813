import { Problem } from '../task/problem.ts';
import { single, type AnswerHeaders } from './header.ts';
import { judgeRest, type Held } from './resume.ts';

/** Where else to ask; or the body, from which byte on and how long the whole is, null when the server does not say. */
export type Answer = { redirect: string } | { start: number; total: number | null } | { unfit: string };

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const missing: ReadonlySet<number> = new Set([404, 410]);
/** The one 4xx answers that ask for patience: 408 Request Timeout, 425 Too Early, 429 Too Many Requests. */
const later: ReadonlySet<number> = new Set([408, 425, 429]);
const empty: ReadonlySet<number> = new Set([204, 205]);
/** 206 is not among them: where no range was asked for, a part of a video is not the video. */
const good: ReadonlySet<number> = new Set([200, 203]);

/**
 * What to make of the head of an answer.
 * @param maxBytes refuses what announces more before a byte of it is read
 * @param held what is there already, when the rest was asked for
 * @returns `unfit` when the server has no rest that fits, so that the whole has to be asked for
 * @throws Problem in words for the owner of the task
 */
export function judgeAnswer(status: number, headers: AnswerHeaders, maxBytes: number, held: Held | null): Answer {
  if (redirects.has(status)) {
    const to = single(headers.location);
    if (to === undefined) throw new Problem('source_unreachable', `${status} without a location`);
    return { redirect: to };
  }
  if (held !== null && status === 416) return { unfit: 'answered 416' };
  const rest = held !== null && status === 206 ? judgeRest(headers, held) : null;
  if (rest && 'unfit' in rest) return rest;
  if (!rest) refuseStatus(status);
  refuseEncoding(headers);
  const { start, total } = rest ?? { start: 0, total: announcedLength(headers) };
  if (total === 0) throw new Problem('source_empty', 'announced 0 bytes');
  if (total !== null && total > maxBytes)
    throw new Problem('source_too_large', `announced ${total} bytes, ${maxBytes} are accepted`);
  return { start, total };
}

function refuseStatus(status: number): void {
  if (good.has(status)) return;
  const detail = `answered ${status}`;
  if (empty.has(status)) throw new Problem('source_empty', detail);
  if (missing.has(status)) throw new Problem('source_not_found', detail);
  // All other 4xx say that asking again in the same way is of no use.
  if (status >= 400 && status < 500 && !later.has(status)) throw new Problem('source_denied', detail);
  throw new Problem('source_unreachable', detail);
}

/** We asked for the bytes as they are. What comes packed all the same is not unpacked: 200 kB can become 200 MB. */
function refuseEncoding(headers: AnswerHeaders): void {
  const encoding = [headers['content-encoding'] ?? []].flat().join(', ').trim();
  if (encoding === '' || encoding.toLowerCase() === 'identity') return;
  throw new Problem('source_unsupported', `answered with content-encoding ${encoding}`);
}

function announcedLength(headers: AnswerHeaders): number | null {
  const length = single(headers['content-length']);
  return length === undefined ? null : Number(length);
}
