import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagePolicy } from '../../web/page/policy.ts';
import { builtPage } from '../browser/kit/page.ts';
import { startService } from '../kit/service.ts';

test('a browser is given the page, and everybody else the links', async (t) => {
  await builtPage();
  const { url } = await startService(t, { workers: 0 });
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(new URL(path, url), { headers });
  const html = 'text/html,application/xhtml+xml,*/*;q=0.8';

  const page = await ask('/', { accept: html });
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  assert.match(page.headers.get('vary') ?? '', /Accept\b.*Accept-Encoding/);
  const text = await page.text();
  assert.doesNotMatch(text, /<script(?![^>]* src=)|<style| style=| on\w+=/, 'nothing inline');
  for (const accept of ['*/*', 'application/json']) {
    const links = await ask('/', { accept });
    assert.equal(((await links.json()) as { name: string }).name, 'Claqueta');
  }

  const etag = page.headers.get('etag') ?? '';
  // As a browser asks again; Node itself would ask for no answer of a cache.
  const again = { accept: html, 'if-none-match': etag, 'cache-control': 'max-age=0' };
  assert.equal((await ask('/', again)).status, 304);

  const [script = ''] = /\/assets\/[^"]+\.js/.exec(text) ?? [];
  for (const encoding of ['br', 'gzip', 'identity']) {
    const asset = await ask(script, { 'accept-encoding': encoding });
    assert.equal(asset.status, 200);
    assert.equal(asset.headers.get('content-encoding') ?? 'identity', encoding);
    assert.match(asset.headers.get('cache-control') ?? '', /immutable/);
    assert.match(await asset.text(), /require|import|function/);
  }
  assert.equal((await ask('/assets/gone.js')).status, 404);
  assert.equal((await ask('/index.html')).status, 404);
  assert.equal((await fetch(new URL(script, url), { method: 'POST' })).status, 405);
});

test('the page may load and send nothing but its own, and what is in the bucket', () => {
  const directive = (policy: string, name: string) => policy.split(';').find((one) => one.startsWith(`${name} `));
  const own = pagePolicy({
    STORAGE: 'folder',
    PUBLIC_URL: undefined,
    STORAGE_BUCKET: undefined,
    STORAGE_ENDPOINT: undefined,
  });
  assert.equal(directive(own, 'default-src'), "default-src 'none'");
  assert.equal(directive(own, 'connect-src'), "connect-src 'self'");
  assert.equal(directive(own, 'require-trusted-types-for'), "require-trusted-types-for 'script'");
  assert.doesNotMatch(own, /unsafe|https:|\*/);

  const cloud = pagePolicy({
    STORAGE: 'gcs',
    STORAGE_BUCKET: 'ours',
    STORAGE_ENDPOINT: undefined,
    PUBLIC_URL: 'https://clips.example.com/',
  });
  assert.equal(
    directive(cloud, 'media-src'),
    "media-src 'self' https://clips.example.com blob: https://storage.googleapis.com/ours/",
  );
  assert.equal(
    directive(cloud, 'connect-src'),
    "connect-src 'self' https://clips.example.com https://storage.googleapis.com/upload/storage/v1/b/ours/ " +
      'https://storage.googleapis.com/ours/',
  );
});
