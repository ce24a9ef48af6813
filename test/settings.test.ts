import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { readSettings, SettingsError } from '../shared/env.ts';
import { freshDatabase } from './kit/database.ts';
import { startProgram } from './kit/program.ts';

test('wrong settings are all reported at once, and secrets are not repeated', () => {
  const wrong = {
    PORT: 'http',
    QUEUE: 'pubsub',
    STORAGE: 'gcs',
    LOG_LEVEL: 'loud',
    SIGNING_SECRET: 'short',
    WORKER_SLOTS: '0',
  };
  assert.throws(
    () => readSettings(wrong),
    (error) => {
      assert.ok(error instanceof SettingsError);
      for (const name of [...Object.keys(wrong), 'PUBSUB_TOPIC', 'STORAGE_BUCKET', 'GOOGLE_CLOUD_PROJECT']) {
        if (name !== 'QUEUE' && name !== 'STORAGE') assert.match(error.message, new RegExp(`^  ${name}: `, 'm'));
      }
      assert.doesNotMatch(error.message, /short/);
      return true;
    },
  );
});

test('an empty variable counts as not set', () => {
  assert.equal(readSettings({ PORT: '', DATABASE_URL: '' }).PORT, 8080);
});

for (const main of ['web/main.ts', 'worker/main.ts', 'shared/db/main.ts']) {
  test(`${main} with wrong settings says all that is wrong, without a stack, and exits 1`, async (t) => {
    const program = startProgram(t, main, { QUEUE: 'pubsub', PORT: '-1' });
    assert.equal(await program.ended, 1);
    assert.match(program.output(), /PORT: .*\n(.*\n)*.*PUBSUB_TOPIC: must be set with QUEUE=pubsub/);
    assert.match(program.output(), /DATABASE_URL or DATABASE_INSTANCE: must be set/);
    assert.doesNotMatch(program.output(), /^ +at /m);
  });
}

for (const main of ['web/main.ts', 'worker/main.ts']) {
  test(`${main} tells of a database that refuses and a bucket that is not there together, and exits 1`, async (t) => {
    const url = new URL(await freshDatabase(t));
    url.password = 'not this one';
    const program = startProgram(t, main, {
      DATA_DIR: await folder(t),
      DATABASE_URL: url.href,
      STORAGE: 'gcs',
      STORAGE_BUCKET: 'no-such-bucket',
      STORAGE_ENDPOINT: await emptyStorage(t),
      GOOGLE_CLOUD_PROJECT: 'demo',
      METADATA_SERVER_DETECTION: 'none',
    });
    assert.equal(await program.ended, 1);
    assert.match(program.output(), /The database cannot be used: password authentication failed/);
    assert.match(program.output(), /no-such-bucket/);
    assert.doesNotMatch(program.output(), /not this one/);
  });
}

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), 'claqueta-settings-'));
  t.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** An API of Cloud Storage that has no bucket. */
async function emptyStorage(t: TestContext): Promise<string> {
  const body = JSON.stringify({ error: { code: 404, message: 'The specified bucket does not exist.' } });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () =>
      socket.end(
        `HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
