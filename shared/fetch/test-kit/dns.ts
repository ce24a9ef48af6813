import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { isIPv4, SocketAddress, type LookupFunction } from 'node:net';
import type { TestContext } from 'node:test';

/** What a name answers: its addresses at the first question, at the second, and so on; the last ones stay. */
export type Zone = Readonly<Record<string, readonly (readonly string[])[] | 'silence'>>;

const typeA = 1;
const typeAaaa = 28;

/** A DNS server on loopback for one test, with a `lookup` that asks it and nobody else. */
export async function startDns(t: TestContext, zone: Zone): Promise<{ lookup: LookupFunction; asked: string[] }> {
  const asked: string[] = [];
  const server = createSocket('udp4');
  server.on('message', (query, from) => {
    const { name, type } = questionOf(query);
    const turn = asked.filter((entry) => entry === `${name} ${type}`).length;
    asked.push(`${name} ${type}`);
    const turns = zone[name];
    if (turns === 'silence') return;
    server.send(answerTo(query, type, turns && (turns[turn] ?? turns.at(-1))), from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  t.after(() => {
    resolver.cancel();
    server.close();
  });
  return { lookup: lookupWith(resolver), asked };
}

/** Both families at once, as the system's `getaddrinfo` does it. */
function lookupWith(resolver: Resolver): LookupFunction {
  return (hostname, options, callback) => {
    void Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]).then(([four, six]) => {
      const found = [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      const [first] = found;
      if (first === undefined) {
        callback(four.status === 'rejected' ? (four.reason as NodeJS.ErrnoException) : null, '', 0);
      } else if (options.all) {
        callback(
          null,
          found.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 })),
        );
      } else {
        callback(null, first, isIPv4(first) ? 4 : 6);
      }
    });
  };
}

function questionOf(query: Buffer): { name: string; type: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1) };
}

/** RFC 1035, section 4: the question back, and a record that points at its name for each address of its type. */
function answerTo(query: Buffer, type: number, addresses: readonly string[] | undefined): Buffer {
  const records = (addresses ?? []).filter((address) => type === (isIPv4(address) ? typeA : typeAaaa)).map(recordOf);
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  const nameError = 3;
  head.writeUInt16BE(0x8180 | (addresses ? 0 : nameError), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, question, ...records]);
}

function recordOf(address: string): Buffer {
  const data = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.from([0xc0, 0x0c, 0, isIPv4(address) ? typeA : typeAaaa, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

function ipv6Bytes(address: string): Buffer {
  // `SocketAddress` only checks; `URL` writes the last 32 bits in hexadecimal, which is all that is needed here.
  new SocketAddress({ address, family: 'ipv6' });
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = '', right] = plain.split('::');
  const front = left.split(':').filter(Boolean);
  const back = (right ?? '').split(':').filter(Boolean);
  const groups = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
