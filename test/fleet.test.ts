import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, rows } from '../shared/db/connect.ts';
import { claimStep } from '../shared/task/claim.ts';
import { finishClip } from '../shared/task/finish.ts';
import { pauseFleet, resumeFleet } from '../shared/task/fleet.ts';
import { readWorkers } from '../shared/task/workers.ts';
import { clientWith, newClient } from './kit/client.ts';
import { freshDatabase } from './kit/database.ts';
import { startProgram } from './kit/program.ts';
import { startService } from './kit/service.ts';
import { claim, clipOf, newOwner, newTask, plannedTask } from './kit/tasks.ts';
import { until } from './kit/until.ts';
import type { fleetView } from '../web/admin/schema.ts';
import { startWorker } from '../worker/start.ts';
import type { z } from 'zod';

test('a paused fleet claims nothing, and running steps end', async (t) => {
  const db = connect(await freshDatabase(t), { name: 'test', max: 2 });
  t.after(() => db.destroy());
  await plannedTask(db, await newOwner(db), 2);
  const running = await claim(db);
  await pauseFleet(db, 'a test');
  assert.equal(await claimStep(db, 'a-worker', 20), null);
  assert.equal((await finishClip(db, running, clipOf(running))).accepted, true);
  await resumeFleet(db);
  assert.equal((await claim(db)).part, 2);
});

test('operators pause and resume by the API; others may not', async (t) => {
  const service = await startService(t, { workers: 0 });
  const owner = await newClient(service.url);
  assert.equal((await owner.ask('POST', '/admin/fleet/pause')).status, 403);
  assert.equal((await clientWith(service.url, '').ask('GET', '/admin/fleet')).status, 401);

  const password = 'A long enough one';
  const account = { username: 'olga', email: 'olga@example.com', password, password_2: password };
  await owner.ask('POST', '/auth/signup', account);
  const made = startProgram(t, 'shared/operator.ts', service.env, ['make-admin', account.email]);
  assert.equal(await made.ended, 0, made.output());
  const session = await owner.ask<{ token: string }>('POST', '/auth/login', { email: account.email, password });
  const operator = clientWith(service.url, session.body.token);

  type Fleet = { paused: boolean; paused_by: string | null };
  const paused = await operator.ask<Fleet>('POST', '/admin/fleet/pause');
  assert.equal(paused.body.paused, true);
  assert.equal((await operator.ask<Fleet>('GET', '/admin/fleet')).body.paused_by, paused.body.paused_by);
  assert.equal((await operator.ask<Fleet>('POST', '/admin/fleet/resume')).body.paused, false);
});

test('the operator command pauses, says so and resumes', async (t) => {
  const service = await startService(t, { workers: 0 });
  const operator = async (...command: string[]) => {
    const program = startProgram(t, 'shared/operator.ts', service.env, command);
    return { code: await program.ended, output: program.output() };
  };
  assert.match((await operator('pause')).output, /"paused":true/);
  assert.match((await operator('status')).output, /"paused":true/);
  assert.match((await operator('resume')).output, /"paused":false/);
  const wrong = await operator('stop');
  assert.equal(wrong.code, 1);
  assert.match(wrong.output, /stop: not a command[\s\S]*operator -- pause/);
  assert.equal((await operator('make-admin', 'nobody@example.com')).code, 1);
});

test("a task keeps the trace of its request, for its steps' log lines", async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await client.ask('POST', '/tasks', { url: 'https://example.com/a.mp4' }, { traceparent });
  const [task] = await rows<{ trace: string }>(service.db, 'select trace from tasks');
  assert.equal(task?.trace, traceparent);
});

test('operators see what waits, who works at what, how fast, and why tasks failed', async (t) => {
  const service = await startService(t, { env: { WORKER_SLOTS: '3', RUNBOOKS_URL: 'https://example.com/runbooks' } });
  const client = await newClient(service.url);
  await service.db.raw(`update users set role = 'admin'`);
  const { task_id: failing } = await client.submit('https://no-such-host.example.com/video.mp4');
  await client.ended(failing);
  await pauseFleet(service.db, 'a test');
  const { body: me } = await client.ask<{ id: string; role: string }>('GET', '/account');
  assert.equal(me.role, 'admin');
  await newTask(service.db, me.id);
  await service.db.raw(
    `update steps set state = 'leased', worker = (select name from workers), lease_until = clock_timestamp() + interval '1 hour'
     where id = (select min(id) from steps where state = 'waiting')`,
  );
  await newTask(service.db, me.id);
  await service.db.raw(`update workers set clips = 30, source_seconds = 600`);

  const { body: fleet } = await client.ask<z.output<typeof fleetView>>('GET', '/admin/fleet');
  assert.equal(fleet.waiting.steps, 1);
  assert.deepEqual(
    fleet.workers.map(({ slots, steps }) => [slots, steps.map(({ kind }) => kind)]),
    [[3, ['ingest']]],
  );
  assert.deepEqual(fleet.speed, { clips_last_10_minutes: 30, source_seconds_per_second: 1 });
  assert.deepEqual(fleet.failures, [{ code: 'source_refused', count: 1 }]);
  assert.deepEqual(fleet.links, { runbooks: 'https://example.com/runbooks' });
});

test('a worker that has stopped is not among them any more', async (t) => {
  const service = await startService(t, { workers: 0 });
  const worker = await startWorker(service.parts);
  const names = async () => (await readWorkers(service.db)).map(({ name }) => name);
  await until(async () => (await names()).includes(worker.name), { what: 'the worker is there' });
  await worker.stop();
  assert.deepEqual(await names(), []);
});
