import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../client/cli/run.ts';
import { connect, type Session } from '../client/connect.ts';
import { uploadFile } from '../client/upload.ts';
import { clientTypes } from '../scripts/client-types.ts';
import { rows } from '../shared/db/connect.ts';
import { logIn, signUp } from './kit/accounts.ts';
import { commandLine } from './kit/command-line.ts';
import { freshFolder } from './kit/folder.ts';
import { startService } from './kit/service.ts';
import { sample } from './kit/videos.ts';

test('the types of the client are those of the API', async (t) => {
  const service = await startService(t, { workers: 0 });
  const kept = await readFile(path.join(import.meta.dirname, '../client/schema.d.ts'), 'utf8');
  assert.ok(kept === (await clientTypes(service.url)), 'they are old: run "npm run client"');
});

test('from a file to downloaded clips in one command, and everything round it', async (t) => {
  const service = await startService(t);
  const { claqueta, folder, account } = await commandLine(t, service);
  const video = await sample({ seconds: 2 });
  assert.equal((await claqueta('list')).code, 3, 'log in first');
  assert.equal((await claqueta('login', '--url', service.url, '--email', account.email)).code, 0);
  const kept = path.join(folder, 'claqueta', 'session.json');
  assert.equal((await stat(kept)).mode & 0o777, 0o600);

  const clips = path.join(folder, 'clips');
  const done = await claqueta('submit', video, '--profile', 'idrl', '--wait', '--download', clips);
  assert.equal(done.code, 0, done.err);
  assert.deepEqual(await readdir(clips), ['part-001.mp4']);
  assert.ok((await stat(path.join(clips, 'part-001.mp4'))).size > 1_000);
  const id = done.out.split('\n')[0] ?? '';
  assert.match(done.out, /part-001\.mp4 +4\.00/);
  assert.match(done.err, /succeeded/);

  // A token that has run out is refreshed on the way, and the new session kept.
  const session = JSON.parse(await readFile(kept, 'utf8')) as Session;
  await writeFile(kept, JSON.stringify({ ...session, token: 'old', expires_at: 0 }));
  assert.match((await claqueta('list')).out, new RegExp(`${id} +succeeded +idrl +1/1`));
  assert.notEqual((JSON.parse(await readFile(kept, 'utf8')) as Session).refresh_token, session.refresh_token);

  const plan = await claqueta('plan', video);
  assert.match(plan.out, /parts +1\nfiles +1\nCPU +[0-9.]+ s\n/);
  assert.match((await claqueta('usage')).out, /together +2 /);
  assert.equal((await claqueta('abort', id)).code, 1, 'it has ended');
  const bad = path.join(folder, 'no-video.mp4');
  await writeFile(bad, 'nothing of the kind');
  const failed = await claqueta('submit', bad, '--wait');
  assert.deepEqual([failed.code, /not a video/.test(failed.err)], [1, true]);
  assert.equal((await claqueta('status', '01890000-0000-7000-8000-000000000000')).code, 1);
});

test('wrong use is said, and nothing is done', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { claqueta, account } = await commandLine(t, service);
  await claqueta('login', '--url', service.url, '--email', account.email);
  const wrong = [['nonsense'], ['submit'], ['submit', 'a', 'b'], ['list', '--profile', 'x'], ['list', '--status', 'x']];
  for (const args of [...wrong, ['list', '--max', 'many'], ['usage', '--sideways']])
    assert.equal((await claqueta(...args)).code, 2, args.join(' '));
  assert.match((await claqueta('--help')).out, /submit FILE\|URL/);
  const aborted = await claqueta('submit', 'https://example.com/video.mp4');
  assert.equal(aborted.code, 0);
  assert.match((await claqueta('abort', aborted.out.trim())).out, /is cancelled/);
});

test('Ctrl-C ends the waiting and not the task', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { claqueta, account } = await commandLine(t, service);
  await claqueta('login', '--url', service.url, '--email', account.email);
  const stop = new AbortController();
  let told = '';
  // The id is out, so that it waits.
  const out = { write: () => setTimeout(() => stop.abort(), 100) };
  const err = { write: (text: string) => (told += text) };
  const code = await run(['submit', 'https://example.com/video.mp4', '--wait'], { out, err, signal: stop.signal });
  assert.equal(code, 130);
  assert.match(told, /The task goes on: claqueta status \S+ --wait/);
  const [task] = await rows<{ status: string }>(service.db, 'select status from tasks');
  assert.equal(task?.status, 'pending');
});

test('a connection that breaks costs a piece, and the file comes whole', async (t) => {
  const service = await startService(t, { workers: 0 });
  const account = await signUp(service.url);
  const { token } = (await logIn(service.url, account)).body;
  const folder = await freshFolder(t);
  const file = path.join(folder, 'large.mp4');
  const bytes = Buffer.alloc(20 * 1024 * 1024, 'video');
  await writeFile(file, bytes);

  // Passes everything on, but breaks the connection on two of the pieces.
  let pieces = 0;
  const proxy = createServer((request, response) => {
    if (request.method === 'PUT' && ++pieces < 5 && pieces % 2 === 0) {
      request.once('data', () => request.destroy());
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = { ...(request.headers as Record<string, string>) };
      for (const own of ['host', 'connection']) delete headers[own];
      const body = chunks.length > 0 ? Buffer.concat(chunks) : null;
      void fetch(new URL(request.url ?? '', service.url), { method: request.method ?? 'GET', headers, body }).then(
        async (answer) => {
          response
            .writeHead(answer.status, Object.fromEntries(answer.headers))
            .end(Buffer.from(await answer.arrayBuffer()));
        },
      );
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const api = connect({ url: service.url, token, refresh_token: '', expires_at: Infinity });
  // The address of the upload, too, leads through the proxy.
  api.use({
    async onResponse({ response }) {
      const text = (await response.text()).replaceAll(service.url, url);
      return new Response(text, { status: response.status, headers: { 'content-type': 'application/json' } });
    },
  });
  const id = await uploadFile(api, file, { signal: new AbortController().signal });
  assert.ok(pieces > 4, `${pieces} requests`);
  const [found] = await rows<{ bytes: string }>(service.db, `select bytes from uploads where id = :id`, { id });
  assert.equal(Number(found?.bytes), bytes.length);
  const stored = await service.storage.stat(`sources/${id}/upload`);
  assert.equal(stored?.bytes, bytes.length);
});
