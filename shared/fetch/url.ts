import { refuseHost } from './host.ts';

/** Longest address, in characters. */
const longest = 2048;

/**
 * Characters that programs read differently or not at all: `URL` drops tabs and line ends and turns a backslash into a
 * slash, so they have to be looked for before it does.
 */
const forbidden = /[\p{Cc}\p{Cs}\p{Z}\\]/u;

/**
 * Scheme and host as they must be written. The host is plain ASCII without user names, percent signs and full-width
 * digits, all of which `URL` would quietly turn into something else; path and query may hold any letters.
 */
const written = /^https?:\/\/(?<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?=[/?#]|$)/i;

const ports: ReadonlySet<string> = new Set(['80', '443']);

/**
 * Whether strangers may make us download from an address, judged by its text alone. What its name leads to is checked
 * when it is dialed, by `dial.ts`: both are needed.
 * @param allow `host:port` pairs (the setting SOURCE_ALLOW) that may be used although private or on another port
 * @returns the address to use, or the reason for the operator's log; its owner gets the one text of `source_refused`
 */
export function checkSourceUrl(text: string, allow: readonly string[]): { url: URL } | { refused: string } {
  if (text.length > longest) return { refused: `the address is longer than ${longest} characters` };
  if (forbidden.test(text)) return { refused: 'the address has a space, a control character or a backslash' };
  const host = written.exec(text)?.groups?.host;
  if (host === undefined) return { refused: 'not a plain http or https address' };
  if (!URL.canParse(text)) return { refused: 'the address cannot be read' };

  const url = new URL(text);
  // 0x7f.1, 2130706433 and 0177.0.0.1 are all 127.0.0.1: nobody honest writes an address like that.
  if (!host.startsWith('[') && host.toLowerCase() !== url.hostname)
    return { refused: 'the host is written in disguise' };
  const pair = hostPort(url);
  if (isAllowed(pair, allow)) return { url };
  if (!ports.has(portOf(url))) return { refused: 'the port is neither 80 nor 443' };
  const refused = refuseHost(url.hostname);
  return refused === null ? { url } : { refused };
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
