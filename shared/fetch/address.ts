import { BlockList, isIP } from 'node:net';

/**
 * IPv4 blocks that no public server answers from: every entry of the IANA IPv4 Special-Purpose Address Registry that is
 * not globally reachable, and multicast.
 */
const refusedV4 = blocks('ipv4', [
  '0.0.0.0/8', // "this" network; 0.0.0.0 reaches loopback on Linux
  '10.0.0.0/8', // private use
  '100.64.0.0/10', // shared address space of carriers, and Alibaba's metadata server
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link local, and the metadata servers of Google, Amazon and Microsoft
  '172.16.0.0/12', // private use
  '192.0.0.0/24', // protocol assignments, and Oracle's metadata server
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays, deprecated: they lead into a tunnel whose end we do not know
  '192.168.0.0/16', // private use
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and limited broadcast
  '168.63.129.16/32', // not in the registry: looks public, but is the host agent inside of Azure
]);

/** What IANA has given out as global unicast; all the rest of IPv6 is local, mapped, translated or not yet given out. */
const globalV6 = blocks('ipv6', ['2000::/3']);

/** Blocks inside of 2000::/3 that the IANA IPv6 Special-Purpose Address Registry sets apart. */
const refusedV6 = blocks('ipv6', [
  '2001::/23', // protocol assignments; Teredo (2001::/32) hides an IPv4 address
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4 hides an IPv4 address
  '3fff::/20', // documentation
]);

/**
 * Whether an address belongs to the public internet, so that a stranger may make us connect to it.
 *
 * IPv4 is public unless listed; IPv6 is refused unless given out, which refuses IPv4-mapped, NAT64, unique local, link
 * local and multicast forms by itself. An address with a zone (`%eth0`) and what is no address at all are not public.
 * @param ip without brackets, as a resolver or `net` writes it
 */
export function isPublicAddress(ip: string): boolean {
  if (ip.includes('%')) return false;
  switch (isIP(ip)) {
    case 4:
      return !refusedV4.check(ip, 'ipv4');
    case 6:
      return globalV6.check(ip, 'ipv6') && !refusedV6.check(ip, 'ipv6');
    default:
      return false;
  }
}

function blocks(family: 'ipv4' | 'ipv6', cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [net = '', bits] = cidr.split('/');
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}
