import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createLog, traceField, type Log, type LogOptions } from './log.ts';

async function lines(t: TestContext, options: LogOptions, write: (log: Log) => void) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-log-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'log');
  write(createLog('info', 'web', { ...options, file }));
  const text = await readFile(file, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test("lines take Cloud Logging's form, with their trace", async (t) => {
  const [info, warning, failed] = await lines(t, { format: 'google' }, (log) => {
    const settings = { LOG_FORMAT: 'google', GOOGLE_CLOUD_PROJECT: 'demo' } as const;
    const child = log.child({ request_id: 'r1', ...traceField(settings, TRACE) });
    child.info({ task_id: 't1' }, 'task created');
    child.warn('step failed');
    child.error({ err: new Error('no such table', { cause: new Error('the root of it') }) }, 'request failed');
  });
  assert.equal(info?.severity, 'INFO');
  assert.equal(info?.message, 'task created');
  assert.equal(info?.task_id, 't1');
  assert.equal(info?.['logging.googleapis.com/trace'], 'projects/demo/traces/0af7651916cd43dd8448eb211c80319c');
  assert.equal(warning?.severity, 'WARNING');
  assert.equal(warning?.['logging.googleapis.com/trace'], info?.['logging.googleapis.com/trace']);
  assert.equal(failed?.severity, 'ERROR');
  assert.match(String(failed?.stack_trace), /^Error: no such table\n +at /);
  assert.match(String(failed?.stack_trace), /the root of it/);
  assert.match(String(failed?.['@type']), /ReportedErrorEvent$/);
  assert.deepEqual(failed?.serviceContext, { service: 'claqueta-web' });
});

test('what is secret is hidden', async (t) => {
  const [line] = await lines(t, {}, (log) => {
    log.info({ password: 'a', body: { token: 'b', session: { refresh_token: 'c' } } }, 'request');
  });
  assert.doesNotMatch(JSON.stringify(line), /"[abc]"/);
});
