import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Problem } from '../task/problem.ts';
import { isPublicAddress } from './address.ts';
import { hostPort, isAllowed } from './url.ts';

/**
 * The `lookup` to connect to a URL with. It passes on public addresses only, at the moment they are dialed, so that a
 * name whose answer changes between check and use (DNS rebinding) gains nothing.
 * @param allow `host:port` pairs that may be dialed although private
 * @throws Problem `source_refused` for a literal address that is not public: Node looks nothing up for those, so no
 *   `lookup` would ever see them
 */
export function guardDial(url: URL, allow: readonly string[], lookup: LookupFunction = systemLookup): LookupFunction {
  if (isAllowed(hostPort(url), allow)) return lookup;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) && !isPublicAddress(host)) throw refusal(host, []);
  return publicOnly(lookup);
}

/** Fails with the Problem `source_refused` when a name has no public address at all. */
function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, answer, family) => {
      if (error) return callback(error, '', 0);
      const found = asList(answer, family);
      const usable = found.filter(({ address }) => isPublicAddress(address));
      const [first] = usable;
      if (first === undefined) return callback(refusal(hostname, found), '', 0);
      if (options.all) return callback(null, usable);
      return callback(null, first.address, first.family);
    });
  };
}

function asList(answer: string | LookupAddress[], family: number | undefined): LookupAddress[] {
  return typeof answer === 'string' ? [{ address: answer, family: family ?? isIP(answer) }] : answer;
}

function refusal(hostname: string, found: LookupAddress[]): Problem {
  const addresses = found.map(({ address }) => address).join(', ');
  return new Problem('source_refused', `${hostname} leads to no public address ${addresses}`.trim());
}
