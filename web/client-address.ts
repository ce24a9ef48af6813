import { isIP } from 'node:net';
import type { Context } from 'koa';

/**
 * Where a request comes from: the connection's other end, or behind a proxy what the proxy says.
 *
 * Proxies append to `X-Forwarded-For`, and whatever stands before that may be made up. So entries are counted from the
 * end: `PROXY_ENTRIES` of them are the proxy's, the first of those is the client. Google's balancer appends two, the
 * client and itself; nginx and most others one. A header with fewer did not come through the proxy and counts for nothing.
 */
export function clientAddress(ctx: Context): string {
  const { proxy, maxIpsCount } = ctx.app;
  // Koa leaves only the last of them.
  const appended = proxy ? ctx.ips : [];
  const [client] = appended;
  if (client && appended.length === maxIpsCount && isIP(client)) return plain(client);
  return plain(ctx.req.socket.remoteAddress ?? '');
}

/**
 * What is counted as one client: an IPv4 address, or the /64 of an IPv6 one, which is the least that a subscriber gets
 * and has 2^64 addresses.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const groups = [
    ...before,
    ...Array<string>(8)
      .fill('0')
      .slice(before.length + after.length),
    ...after,
  ];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** As people write it: IPv4 that came by an IPv6 socket is IPv4, and a link's zone is no part of the address. */
function plain(address: string): string {
  return address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
}
