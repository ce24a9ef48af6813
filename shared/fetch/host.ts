import { isIP } from 'node:net';
import { isPublicAddress } from './address.ts';

/**
 * Endings that never lead to a public server: the IANA Special-Use Domain Names registry (RFC 6761), `internal`, which
 * ICANN set apart for private networks in 2024, and what routers and companies use without asking.
 */
const localEndings: ReadonlySet<string> = new Set([
  ...['alt', 'arpa', 'example', 'invalid', 'local', 'localhost', 'onion', 'test'],
  'internal',
  ...['corp', 'home', 'intranet', 'lan', 'localdomain', 'mail', 'private'],
]);

/** RFC 1123 labels, and the underscore that buckets and content networks use in practice. */
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const longestName = 253;

/**
 * Why a host must not be asked, or null when its name may be looked up (the address it leads to is checked when dialed).
 * @param hostname as `URL` gives it: lower case, IPv6 in brackets
 */
export function refuseHost(hostname: string): string | null {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address)) return isPublicAddress(address) ? null : 'the address is not public';

  const labels = hostname.split('.');
  if (hostname.length > longestName) return 'the name is too long';
  // A name without a dot is completed by the machine's search list: `metadata`, `db`.
  if (labels.length < 2) return 'the name has no dot';
  if (!labels.every((part) => label.test(part))) return 'the name is not a host name';
  if (localEndings.has(labels.at(-1) ?? '')) return 'the name is a local one';
  return null;
}
