import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientWith, newClient } from './kit/client.ts';
import { startService } from './kit/service.ts';

const SECURITY_TXT = '/.well-known/security.txt';

test('every answer, also an error, tells browsers to keep nothing, load nothing and frame nothing', async (t) => {
  const { url } = await startService(t, { workers: 0 });
  const client = await newClient(url);
  for (const route of ['/tasks', '/profiles', '/nothing', '/media/clips/x', '/livez']) {
    const { headers } = await client.ask('GET', route);
    const expected = {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(headers.get(name), value, `${route} ${name}`);
    assert.ok(headers.get('x-request-id'));
    assert.equal(headers.get('x-powered-by'), null);
  }
});

test('a route answers HEAD and OPTIONS, and says which methods it takes', async (t) => {
  const { url } = await startService(t, { workers: 0 });
  const client = await newClient(url);
  const headers = { authorization: `Bearer ${client.token}` };
  assert.equal((await fetch(`${url}/tasks`, { method: 'HEAD', headers })).status, 200);
  const options = await client.ask('OPTIONS', '/tasks');
  const allowed = options.headers.get('allow')?.split(', ').sort();
  assert.deepEqual([options.status, allowed], [200, ['GET', 'HEAD', 'POST']]);
  const media = await client.ask('POST', '/media/clips/x');
  assert.deepEqual([media.status, media.headers.get('allow')], [405, 'GET, HEAD']);
  assert.equal((await client.ask('PUT', '/nothing')).status, 404);
});

test('figures are for this machine, or for whoever has the token', async (t) => {
  const ask = async (env: Record<string, string>, headers: Record<string, string> = {}) => {
    const { url } = await startService(t, { workers: 0, env });
    return (await clientWith(url, '').ask('GET', '/metrics', undefined, headers)).status;
  };
  const token = 'a token for the figures';
  assert.equal(await ask({}), 200);
  assert.equal(await ask({}, { 'x-forwarded-for': '1.2.3.4' }), 404);
  assert.equal(await ask({ PUBLIC_URL: 'https://video.example.com' }), 404);
  assert.equal(await ask({ METRICS_TOKEN: token }), 404);
  assert.equal(await ask({ METRICS_TOKEN: token }, { authorization: `Bearer ${token}x` }), 404);
  const open = { METRICS_TOKEN: token, PUBLIC_URL: 'https://video.example.com' };
  assert.equal(await ask(open, { authorization: `Bearer ${token}` }), 200);
});

test('security.txt says where to report, and is not there without a contact', async (t) => {
  const without = await startService(t, { workers: 0 });
  assert.equal((await clientWith(without.url, '').ask('GET', SECURITY_TXT)).status, 404);
  const env = { SECURITY_CONTACT: 'mailto:security@example.com', PUBLIC_URL: 'https://video.example.com' };
  const { url } = await startService(t, { workers: 0, env });
  const { status, headers, body } = await clientWith(url, '').ask<string>('GET', SECURITY_TXT);
  assert.deepEqual([status, headers.get('content-type')], [200, 'text/plain; charset=utf-8']);
  assert.match(body, /^Contact: mailto:security@example\.com\n/);
  assert.match(body, /\nCanonical: https:\/\/video\.example\.com\/\.well-known\/security\.txt\n$/);
  const expires = Date.parse(/^Expires: (.*)$/m.exec(body)?.[1] ?? '');
  assert.ok(expires > Date.now() && expires < Date.now() + 365 * 24 * 3600 * 1000);
});
