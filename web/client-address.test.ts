import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import Koa from 'koa';
import { clientAddress, networkOf } from './client-address.ts';

/** Whom a server takes a request for that comes with these `X-Forwarded-For`. */
async function asked(t: TestContext, options: { proxy: boolean; maxIpsCount: number }) {
  const app = new Koa(options);
  app.use((ctx) => {
    ctx.body = clientAddress(ctx);
  });
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return async (...forwarded: string[]) => {
    const headers = forwarded.map((value): [string, string] => ['x-forwarded-for', value]);
    return (await fetch(`http://127.0.0.1:${port}/`, { headers })).text();
  };
}

test('without a proxy the header counts for nothing', async (t) => {
  const ask = await asked(t, { proxy: false, maxIpsCount: 2 });
  assert.equal(await ask('198.51.100.7, 192.0.2.1'), '127.0.0.1');
});

test("behind Google's balancer the client is the second last, whatever was forged before it", async (t) => {
  const ask = await asked(t, { proxy: true, maxIpsCount: 2 });
  assert.equal(await ask('198.51.100.7, 192.0.2.1'), '198.51.100.7');
  assert.equal(await ask('203.0.113.9, 198.51.100.7, 192.0.2.1'), '198.51.100.7');
  assert.equal(await ask('203.0.113.9', '203.0.113.10, 203.0.113.11', '198.51.100.7,192.0.2.1'), '198.51.100.7');
  assert.equal(await ask('2001:DB8::7, 192.0.2.1'), '2001:db8::7');
});

test('behind a proxy that appends only the client it is the last', async (t) => {
  const ask = await asked(t, { proxy: true, maxIpsCount: 1 });
  assert.equal(await ask('203.0.113.9, 198.51.100.7'), '198.51.100.7');
});

test('a header that did not come through the proxy, or holds no address, counts for nothing', async (t) => {
  const ask = await asked(t, { proxy: true, maxIpsCount: 2 });
  assert.equal(await ask(), '127.0.0.1');
  assert.equal(await ask('203.0.113.9'), '127.0.0.1');
  assert.equal(await ask('unknown, 192.0.2.1'), '127.0.0.1');
});

test('addresses of one IPv6 subscriber are one client, those of IPv4 each its own', () => {
  assert.equal(networkOf('198.51.100.7'), '198.51.100.7');
  for (const address of ['2001:db8:1:2::', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::ffff', '2001:0db8:0001:0002::1']) {
    assert.equal(networkOf(address), '2001:db8:1:2::/64', address);
  }
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
  assert.notEqual(networkOf('2001:db8:1:3::'), networkOf('2001:db8:1:2::'));
});
