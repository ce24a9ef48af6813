import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { newClient, type TaskView } from './kit/client.ts';
import { startService } from './kit/service.ts';
import { until } from './kit/until.ts';
import { sample } from './kit/videos.ts';

test('a dry run says what a task would come to, and makes nothing', async (t) => {
  const service = await startService(t, { env: { PRICE_CPU_HOUR: '3600' } });
  const client = await newClient(service.url);
  const video = await sample({ seconds: 45 });
  const form = new FormData();
  form.set('profile', 'idrl');
  form.set('video', new Blob([await readFile(video)]), 'video.mp4');
  await until(async () => (await rows(service.db, 'select from workers')).length > 0, {
    what: 'the worker shows itself',
  });
  const { status, body: submitted } = await client.send<TaskView>('/tasks?dry_run=1', form);
  assert.equal(status, 201);
  const listed = await client.ask<{ dry_run: boolean }[]>('GET', '/tasks');
  assert.deepEqual(
    listed.body.map(({ dry_run: dry }) => dry),
    [true],
  );
  const task = await client.ended(submitted.task_id);
  assert.equal(task.status, 'succeeded');
  assert.equal(task.dry_run, true);
  assert.deepEqual([task.plan?.parts, task.plan?.outputs], [3, 3]);
  const cpu = task.plan?.cpu_seconds ?? 0;
  assert.ok(cpu > 0.1);
  assert.equal(task.plan?.estimated_cost, cpu);
  assert.ok((task.plan?.seconds ?? 0) >= Math.floor(cpu / 2), 'two slots');
  assert.deepEqual([task.parts, task.clips, task.zip_url], [[], [], null]);
  assert.equal(task.usage.stored_bytes, task.media?.bytes, 'the source stays');
  const made = await rows<{ kind: string }>(service.db, 'select kind from steps');
  assert.deepEqual(
    made.map(({ kind }) => kind),
    ['ingest'],
  );
});

test('a dry run is not the same request as the run', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const body = { url: 'https://example.com/video.mp4' };
  const key = { 'Idempotency-Key': 'once' };
  assert.equal((await client.ask('POST', '/tasks?dry_run=1', body, key)).status, 201);
  assert.equal((await client.ask('POST', '/tasks?dry_run=1', body, key)).status, 201);
  assert.equal((await client.ask('POST', '/tasks', body, key)).status, 422);
});
