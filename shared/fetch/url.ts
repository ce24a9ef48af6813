import { isIP } from 'node:net';
import { refuseHost } from './host.ts';

/** Longest address, in characters. */
const longest = 2048;

/** What is pasted along with an address. */
const around = /^[\t\n\f\r ]+|[\t\n\f\r ]+$/g;

/**
 * Characters that programs read differently or not at all: `URL` drops tabs and line ends and turns a backslash into a
 * slash, so they have to be looked for before it does.
 */
const forbidden = /[\p{Cc}\p{Cs}\\]/u;

/**
 * Scheme and host as they must be written. The host has no user names, percent signs, spaces and hidden characters, all
 * of which `URL` would quietly turn into something else; path and query may hold any letters, and spaces.
 */
const written =
  /^https?:\/\/(?<host>(?:[a-z0-9._-]|[^\p{ASCII}\p{Z}\p{C}])+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?=[/?#]|$)/iu;

/** The dots that IDNA takes for one: UTS 46, section 4. */
const dots = /[.\u3002\uff0e\uff61]/;

const ports: ReadonlySet<string> = new Set(['80', '443']);

/**
 * Whether strangers may make us download from an address, judged by its text alone. What its name leads to is checked
 * when it is dialed, by `dial.ts`: both are needed.
 * @param allow `host:port` pairs (the setting SOURCE_ALLOW) that may be used although private or on another port
 * @returns the address to use, and its text without the white space that was pasted along; or the reason for the
 *   operator's log, while its owner gets the one text of `source_refused`
 */
export function checkSourceUrl(
  given: string,
  allow: readonly string[],
): { url: URL; text: string } | { refused: string } {
  if (given.length > longest) return { refused: `the address is longer than ${longest} characters` };
  const text = given.replaceAll(around, '');
  if (forbidden.test(text)) return { refused: 'the address has a control character or a backslash' };
  const host = written.exec(text)?.groups?.host;
  if (host === undefined) return { refused: 'not a plain http or https address' };
  if (!URL.canParse(text)) return { refused: 'the address cannot be read' };

  const url = new URL(text);
  if (isDisguised(host, url.hostname)) return { refused: 'the host is written in disguise' };
  const pair = hostPort(url);
  if (isAllowed(pair, allow)) return { url, text };
  if (!ports.has(portOf(url))) return { refused: 'the port is neither 80 nor 443' };
  const refused = refuseHost(url.hostname);
  return refused === null ? { url, text } : { refused };
}

/**
 * Whether a host is something else than it says. 0x7f.1, 2130706433 and 0177.0.0.1 are all 127.0.0.1, and so is ①②⑦.⓪.⓪.①:
 * nobody honest writes an address like that. Letters of other scripts are honest where they stay what they are, as
 * Punycode, and do not turn into ASCII.
 */
function isDisguised(host: string, hostname: string): boolean {
  if (host.startsWith('[')) return false;
  if (isIP(hostname)) return host !== hostname;
  const read = hostname.split('.');
  const labels = host.toLowerCase().split(dots);
  return labels.length !== read.length || labels.some((one, at) => one !== read[at] && !read[at]?.startsWith('xn--'));
}

/** Whether the operator lifted the checks for exactly this `host:port`. */
export function isAllowed(pair: string, allow: readonly string[]): boolean {
  return allow.some((entry) => entry.toLowerCase() === pair);
}

/** An address as SOURCE_ALLOW writes it, with the port that its scheme implies: `example.com:443`, `[::1]:9000`. */
export function hostPort(at: { protocol: string; hostname: string; port: string }): string {
  return `${at.hostname}:${portOf(at)}`;
}

function portOf(at: { protocol: string; port: string }): string {
  return at.port || (at.protocol === 'https:' ? '443' : '80');
}
