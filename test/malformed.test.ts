import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { problemSchema } from '../web/errors.ts';
import { startService } from './kit/service.ts';

const heads = [
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
  'GET\r\n\r\n',
  '\0\0\0\0\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n',
  'NONSENSE / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nx: \0\r\n\r\n',
  'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
  'POST /tasks HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
  'POST /tasks HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
  'POST /tasks HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /tasks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nonsense\r\n\r\n',
  'POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\n${'x: yyyyyyyyyyyyyyyy\r\n'.repeat(5_000)}\r\n`,
  'GET / HTTP/1.1\r\nHost: a\r\nExpect: nonsense\r\nConnection: close\r\n\r\n',
];

test('what is no request at all is answered in the form of all errors, with an id', async (t) => {
  const { url } = await startService(t, { workers: 0 });
  const expected: Record<string, number> = { '14': 431, '15': 431, '16': 417 };
  for (const [index, head] of heads.entries()) {
    const text = await exchange(t, url, head);
    const [top = '', body = ''] = text.split('\r\n\r\n');
    const name = JSON.stringify(head.slice(0, 60));
    assert.match(top, new RegExp(`^HTTP/1\\.1 ${expected[index] ?? 400} `), name);
    assert.match(top, /content-type: application\/problem\+json/i, name);
    const problem = problemSchema.parse(JSON.parse(body));
    assert.match(top, new RegExp(`x-request-id: ${problem.request_id}`, 'i'), name);
  }
});

function exchange(t: TestContext, url: string, head: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.end(head));
    t.after(() => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => {}).on('close', () => resolve(text));
  });
}
