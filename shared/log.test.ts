import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { childLog, createLog, traceField, type Log, type LogOptions } from './log.ts';

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

test('what is secret is hidden, wherever in a line it stands', async (t) => {
  const round: Record<string, unknown> = { token: 's3cret' };
  round.again = round;
  const body = { token: 's3cret', session: { refresh_token: 's3cret', more: [{ password: 's3cret', kept: 'yes' }] } };
  const written = await lines(t, {}, (log) => {
    log.info({ password: 's3cret', body }, 'request');
    log.info({ round, failed: { cause: Object.assign(new Error('no'), { config: { token: 's3cret' } }) } }, 'request');
    const child = childLog(log, { authorization: 's3cret', request_id: 'r1', request: { token: 's3cret' } });
    childLog(child, { step: 'clip 1' }).info(
      { at: new Date(0), list: ['Bearer s3cret', 1], answer: { headers: { toJSON: () => ({ token: 's3cret' }) } } },
      'ok',
    );
  });
  assert.doesNotMatch(JSON.stringify(written), /s3cret/);
  assert.deepEqual([written[2]?.request_id, written[2]?.step], ['r1', 'clip 1']);
  const [first, second, third] = written;
  assert.deepEqual(first?.body, {
    token: '[hidden]',
    session: { refresh_token: '[hidden]', more: [{ password: '[hidden]', kept: 'yes' }] },
  });
  assert.equal(body.token, 's3cret', 'what was told of is as it was');
  assert.match(JSON.stringify(second?.round), /an object/);
  assert.deepEqual(
    [third?.authorization, third?.request_id, third?.at, third?.list],
    ['[hidden]', 'r1', '1970-01-01T00:00:00.000Z', ['Bearer [hidden]', 1]],
  );
});
