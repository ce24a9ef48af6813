import { Problem } from '../task/problem.ts';
import { judgeAnswer } from './answer.ts';
import { ask, type Asking } from './hop.ts';
import { validatorOf } from './resume.ts';
import { checkSourceUrl } from './url.ts';

const mostRedirects = 3;

export interface OpenSource {
  /** The source itself; its failures are Problems. */
  chunks: AsyncGenerator<Buffer>;
  /** Byte that `chunks` begin with: where the rest was asked for and could be had, else 0. */
  start: number;
  /** Announced length of the whole in bytes, null when the server does not say. */
  total: number | null;
  /** What the server calls this version, to ask for its rest by; null when it gives no name to rely on. */
  validator: string | null;
  url: URL;
  /** Redirects followed. */
  hops: number;
}

/**
 * Asks for a source and follows redirects by hand, so that every hop is checked like the first. The last connection
 * ends with its body, or with `stop`.
 * @throws Problem
 */
export async function openSource(address: string, asking: Asking): Promise<OpenSource> {
  let text = address;
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const url = usable(text, asking.allow, hops);
    const hop = await ask(url, asking);
    const answer = judgeAnswer(hop.status, hop.headers, asking.limits.maxBytes, asking.held);
    if ('total' in answer) return { chunks: hop.chunks(), ...answer, validator: validatorOf(hop.headers), url, hops };
    hop.close();
    if ('unfit' in answer) return openSource(address, { ...asking, held: null });
    text = resolve(answer.redirect, url);
  }
  // Typical for pages that hand out a cookie and wait for it to come back: they want a person, not a program.
  throw new Problem('source_denied', `more than ${mostRedirects} redirects, the last one to ${text}`);
}

function usable(text: string, allow: readonly string[], hops: number): URL {
  const checked = checkSourceUrl(text, allow);
  if ('url' in checked) return checked.url;
  throw new Problem('source_refused', hops === 0 ? checked.refused : `redirect ${hops}: ${checked.refused}`);
}

/**
 * The text of the next address. What names a host reaches the check as it is written, before `URL` has made something
 * plain of it; a path belongs to the host that was checked already.
 */
function resolve(location: string, base: URL): string {
  // Node hands headers out as Latin-1; servers that write letters into them mean UTF-8.
  const text = Buffer.from(location, 'latin1').toString('utf8');
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return text;
  if (text.startsWith('//')) return base.protocol + text;
  // Backslashes and control characters would be turned or dropped: they, too, have to reach the check.
  return /[\\\p{Cc}]/u.test(text) || !URL.canParse(text, base.href) ? text : new URL(text, base).href;
}
