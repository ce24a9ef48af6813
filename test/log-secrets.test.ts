import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { freshDatabase } from './kit/database.ts';
import { clientWith, newClient, type Client } from './kit/client.ts';
import { logged, startProgram } from './kit/program.ts';
import { query } from './kit/sql.ts';
import { serveVideos, type VideoServer } from './kit/video-server.ts';
import { sample } from './kit/videos.ts';

/** Everything that must not be found in what the programs print, by what it is. */
const secrets = new Map<string, string>();

function secret(what: string): string {
  const text = `s3cret-${randomBytes(12).toString('hex')}`;
  secrets.set(text, what);
  return text;
}

function keep(what: string, text: string | null | undefined): string {
  assert.ok(text && text.length > 15, what);
  secrets.set(text, what);
  return text;
}

test('nothing secret is printed by a whole run of web and worker, at the most talkative level', async (t) => {
  const videos = await serveVideos(t);
  const { url, programs, databaseUrl } = await startBoth(t, videos);
  const client = await useAccounts(url, databaseUrl);
  const file = await sample({ seconds: 2 });
  await useSources(client, videos, file);
  await useUploads(url, client, file);
  await breakDatabase(databaseUrl, client);

  const output = programs.map((program) => program.output()).join('\n');
  for (const line of ['request failed', 'step failed', 'source fetched', 'task created']) {
    assert.ok(output.includes(line), `the run has met: ${line}`);
  }
  t.diagnostic(`${secrets.size} secrets, ${output.split('\n').length} lines`);
  assert.ok(secrets.size >= 25);
  assert.deepEqual(
    [...secrets].filter(([text]) => output.includes(text)).map(([, what]) => what),
    [],
  );
});

async function startBoth(t: TestContext, videos: VideoServer) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-secrets-'));
  const databaseUrl = await freshDatabase(t);
  const env = {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    DATA_DIR: path.join(folder, 'data'),
    WORK_DIR: path.join(folder, 'work'),
    SIGNING_SECRET: secret('signing secret') + secret('end of the signing secret'),
    METRICS_TOKEN: secret('metrics token'),
    SOURCE_ALLOW: videos.allow,
    STEP_TRIES: '1',
    LOG_LEVEL: 'trace',
    ...(process.env.FFMPEG_PATH && { FFMPEG_PATH: process.env.FFMPEG_PATH }),
    ...(process.env.FFPROBE_PATH && { FFPROBE_PATH: process.env.FFPROBE_PATH }),
  };
  keep('database password', `:${new URL(databaseUrl).password || secret('no password')}@`.padEnd(16, '-'));
  const programs = ['web/main.ts', 'worker/main.ts'].map((main) => startProgram(t, main, env));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [web, worker] = programs as [(typeof programs)[0], (typeof programs)[0]];
  const { url } = await logged(web, /web ready/);
  await logged(worker, /worker ready/);
  return { url: String(url), programs, databaseUrl };
}

/** Sign-up, the same again, log-in right and wrong, refresh, the same again, nonsense. */
async function useAccounts(url: string, databaseUrl: string): Promise<Client> {
  const nobody = clientWith(url, '');
  const ask = (route: string, body: unknown) => nobody.ask<Record<string, string>>('POST', route, body);
  const password = secret('password');
  const account = { username: 'clara', email: `${secret('address of an account')}@example.com`, password };
  assert.equal((await ask('/auth/signup', { ...account, password_2: password })).status, 201);
  assert.equal((await ask('/auth/signup', { ...account, password_2: password })).status, 409);
  assert.equal((await ask('/auth/signup', { ...account, password_2: secret('other password') })).status, 400);
  assert.equal((await ask('/auth/login', { email: account.email, password: secret('wrong password') })).status, 401);
  const session = await ask('/auth/login', { email: account.email, password });
  const token = keep('token', session.body.token);
  const first = keep('refresh token', session.body.refresh_token);
  const next = await ask('/auth/refresh', { refresh_token: first });
  keep('next token', next.body.token);
  keep('next refresh token', next.body.refresh_token);
  assert.equal((await clientWith(url, token).ask('GET', '/tasks')).status, 200);
  assert.equal((await ask('/auth/refresh', { refresh_token: secret('unknown refresh token') })).status, 401);
  assert.equal((await clientWith(url, secret('token that is none')).ask('GET', '/tasks')).status, 401);
  for (const body of [`{"password":"${secret('password in broken JSON')}"`, `"${secret('text for JSON')}`]) {
    const headers = { 'content-type': 'application/json' };
    assert.equal((await fetch(`${url}/auth/login`, { method: 'POST', headers, body })).status, 400);
  }
  await fetch(`${url}/tasks?token=${secret('token in a query')}`);
  await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${secret('wrong metrics token')}` } });
  const [hash] = await query<{ hash: string }>(databaseUrl, 'select password_hash as hash from users');
  keep('hash of a password', hash?.hash);
  const client = await newClient(url);
  keep('token of another', client.token);
  return client;
}

/** One that succeeds, and those that fail in every way, each with a secret in its address. */
async function useSources(client: Client, videos: VideoServer, file: string): Promise<void> {
  const signed = (what: string) => `?X-Goog-Signature=${secret(`signature ${what}`)}&token=${secret(`token ${what}`)}`;
  const bytes = await readFile(file);
  const answering = (name: string, what: string, location?: string, status = 302) => {
    const query = signed(what);
    return videos.answering(`${name}${query}`, (_request, response) => {
      if (location) response.writeHead(status, { location }).end();
      else if (status === 200) response.end(bytes);
      else response.writeHead(status).end();
    });
  };
  const good = answering('good', 'of a good source', undefined, 200);
  const sources: [string, string][] = [
    [good, 'succeeded'],
    [answering('redirect', 'that leads to a good source', good), 'succeeded'],
    [answering('missing', 'of a missing source', undefined, 404), 'failed'],
    [
      answering('refused', 'that leads to a private address', `http://127.0.0.1:1/a${signed('of a private address')}`),
      'failed',
    ],
    [answering('scheme', 'that leads to a file', `ftp://a/b${signed('of a file')}`), 'failed'],
    [answering('nonsense', 'that leads nowhere', `http://[${signed('of nonsense')}`), 'failed'],
  ];
  const loop = `/loop${signed('that goes round')}`;
  sources.push([
    videos.answering(loop.slice(1), (_request, response) => void response.writeHead(302, { location: loop }).end()),
    'failed',
  ]);
  const ended = await Promise.all(
    sources.map(async ([url, expected]) => {
      const { task_id: id } = await client.submit(url, { profile: 'anb' });
      const task = await client.ended(id, 90_000);
      assert.equal(task.status, expected, JSON.stringify(task.error));
      return task;
    }),
  );
  for (const clip of ended.flatMap(({ clips }) => clips)) {
    keep('signature of a clip', new URL(clip.url).searchParams.get('signature'));
    assert.equal((await fetch(clip.url)).status, 200);
    assert.equal((await fetch(`${clip.url}x`)).status, 403);
  }
  const refused = await client.ask('POST', '/tasks', { url: `http://127.0.0.1/${signed('of a refused address')}` });
  assert.equal(refused.status, 400);
}

/** By form, and at a signed address, right and wrong. */
async function useUploads(url: string, client: Client, file: string): Promise<void> {
  assert.equal((await client.upload(file, { profile: 'vhs' })).status, 400);
  const made = await client.upload(file, { profile: 'hls', external_id: 'mine' });
  const task = await client.ended(made.body.task_id, 90_000);
  assert.equal(task.status, 'succeeded');
  await useStream(task.stream_url ?? '');
  const bytes = await readFile(file);
  const opened = await client.ask<{ url: string }>('POST', '/uploads', { bytes: bytes.length });
  keep('signature of an upload', new URL(opened.body.url).searchParams.get('signature'));
  const put = (to: string) => fetch(to, { method: 'PUT', body: new Uint8Array(bytes) }).catch(() => ({ status: 403 }));
  assert.equal((await put(`${opened.body.url}x`)).status, 403);
  assert.equal((await put(opened.body.url)).status, 200);
  await fetch(new URL('/nothing', url));
}

/** At its address, at others with its permission, and where the address is not ours. */
async function useStream(address: string): Promise<void> {
  const [, , , permission] = /\/streams\/([^/]+)\//.exec(address)?.[1]?.split('.') ?? [];
  keep('permission of a stream', permission);
  const statuses = [
    address,
    address.replace('streams/', '/streams//'),
    address.replace('.m3u8', '%2em3u8'),
    `${address}/x`,
  ];
  for (const [index, one] of statuses.entries()) {
    assert.equal((await fetch(one)).status, index < 2 ? 200 : 403, one);
  }
}

/** An error of the database that has the whole row in its `detail`. */
async function breakDatabase(databaseUrl: string, client: Client): Promise<void> {
  await query(databaseUrl, `alter table tasks add constraint none_more check (external_id is null) not valid`);
  const answer = await client.ask('POST', '/tasks', {
    url: `https://example.com/a.mp4?token=${secret('token in a row')}`,
    external_id: secret('text in a row'),
  });
  assert.equal(answer.status, 500);
}
