import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { LookupFunction } from 'node:net';
import { test } from 'node:test';
import { Problem } from '../task/problem.ts';
import { guardDial } from './dial.ts';
import { startDns } from './test-kit/dns.ts';
import { serveCanary } from './test-kit/server.ts';

// The text of an address is not checked here, so that a canary on any port stands for every private server.

function dialer(options: { allow?: string[]; lookup?: LookupFunction }) {
  return async (text: string): Promise<string> => {
    const url = new URL(text);
    const request = http.get(url, { agent: false, lookup: guardDial(url, options.allow ?? [], options.lookup) });
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    return (await answer.toArray()).join('');
  };
}

const refused = (error: unknown) => error instanceof Problem && error.code === 'source_refused';

test('literal private addresses are not dialed, however they are written', async (t) => {
  const canary = await serveCanary(t);
  const dial = dialer({});
  for (const host of ['127.0.0.1', '0.0.0.0', '127.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '[::]'])
    await assert.rejects(dial(`http://${host}:${canary.port}/`), refused, host);
  assert.equal(canary.connections(), 0);
});

test('names that lead to private addresses are not dialed', async (t) => {
  const canary = await serveCanary(t);
  const dns = await startDns(t, {
    'four.attacker.com': [['127.0.0.1']],
    'six.attacker.com': [['::1']],
    'mapped.attacker.com': [['::ffff:127.0.0.1']],
    'both.attacker.com': [['127.0.0.1', '::1', '10.0.0.1']],
  });
  const dial = dialer({ lookup: dns.lookup });
  for (const name of ['four', 'six', 'mapped', 'both'])
    await assert.rejects(dial(`http://${name}.attacker.com:${canary.port}/`), refused, name);
  assert.equal(canary.connections(), 0);
});

test('the names of this machine are not dialed', async (t) => {
  const canary = await serveCanary(t);
  await assert.rejects(dialer({})(`http://localhost:${canary.port}/`), refused);
  assert.equal(canary.connections(), 0);
});

test('a name that was public when it was checked is judged anew when it is dialed', async (t) => {
  const canary = await serveCanary(t);
  const dns = await startDns(t, { 'rebind.attacker.com': [['8.8.8.8'], ['127.0.0.1']] });
  const checked = await new Promise((resolve) =>
    dns.lookup('rebind.attacker.com', { family: 4 }, (...all) => resolve(all)),
  );
  assert.deepEqual(checked, [null, '8.8.8.8', 4]);
  const dial = dialer({ lookup: dns.lookup });
  await assert.rejects(dial(`http://rebind.attacker.com:${canary.port}/`), refused);
  assert.equal(dns.asked.filter((question) => question === 'rebind.attacker.com 1').length, 2);
  assert.equal(canary.connections(), 0);
});

test('a name is asked for once a connection, so that there is no second answer to dial', async (t) => {
  const canary = await serveCanary(t);
  const dns = await startDns(t, { 'turn.attacker.com': [['127.0.0.1'], ['8.8.8.8']] });
  const dial = dialer({ lookup: dns.lookup, allow: [`turn.attacker.com:${canary.port}`] });
  assert.equal(await dial(`http://turn.attacker.com:${canary.port}/`), 'reached');
  assert.deepEqual(dns.asked.sort(), ['turn.attacker.com 1', 'turn.attacker.com 28']);
});

test('exactly the allowed pair is dialed although private', async (t) => {
  const [allowed, canary] = [await serveCanary(t), await serveCanary(t)];
  const dns = await startDns(t, { 'files.attacker.com': [['127.0.0.1']] });
  const allow = [`127.0.0.1:${allowed.port}`, `files.attacker.com:${allowed.port}`];
  const dial = dialer({ lookup: dns.lookup, allow });
  assert.equal(await dial(`http://127.0.0.1:${allowed.port}/`), 'reached');
  assert.equal(await dial(`http://files.attacker.com:${allowed.port}/`), 'reached');
  await assert.rejects(dial(`http://127.0.0.1:${canary.port}/`), refused);
  await assert.rejects(dial(`http://files.attacker.com:${canary.port}/`), refused);
  await assert.rejects(dialer({ allow })(`http://localhost:${allowed.port}/`), refused);
  assert.equal(canary.connections(), 0);
});
