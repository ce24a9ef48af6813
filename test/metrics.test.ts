import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { connect, type Db } from '../shared/db/connect.ts';
import { freshDatabase } from './kit/database.ts';
import { lastOf, monitoringDouble, sendingTo } from './kit/monitoring-double.ts';
import { claim, newOwner, newTask, plannedTask } from './kit/tasks.ts';
import { until } from './kit/until.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

const PREFIX = 'custom.googleapis.com/claqueta/';

async function database(t: TestContext): Promise<Db> {
  const db = connect(await freshDatabase(t), { name: 'test', max: 4 });
  t.after(() => db.destroy());
  return db;
}

test('every figure arrives with its value, kind, labels and resource', async (t) => {
  const double = await monitoringDouble(t);
  const db = await database(t);
  const began = Date.now();
  const metrics = await sendingTo(double, db);
  await someWork(db);
  metrics.slotsBusy(1, 4);
  metrics.stepFinished({ kind: 'clip', outcome: 'done', seconds: 10, sourceSeconds: 20 });
  metrics.stepFinished({ kind: 'clip', outcome: 'done', seconds: 5, sourceSeconds: 20 });
  metrics.stepFinished({ kind: 'clip', outcome: 'again', seconds: 1, sourceSeconds: 20 });
  metrics.stepFinished({ kind: 'ingest', outcome: 'lost', seconds: 1 });
  await metrics.flush();

  const gauges = [
    ['steps/waiting', { kind: 'ingest' }, 'INT64', 1],
    ['steps/waiting', { kind: 'clip' }, 'INT64', 2],
    ['steps/waiting', { kind: 'sound' }, 'INT64', 0],
    ['steps/waiting', { kind: 'finish' }, 'INT64', 0],
    ['steps/source_seconds_waiting', {}, 'DOUBLE', 40],
    ['slots/busy', {}, 'INT64', 1],
    ['slots/total', {}, 'INT64', 4],
  ] as const;
  for (const [figure, labels, valueType, value] of gauges) {
    const point = lastOf(double, figure, labels);
    assert.deepEqual([point.metricKind, point.valueType, point.value], ['GAUGE', valueType, value], figure);
  }
  const oldest = Number(lastOf(double, 'steps/oldest_waiting_seconds').value);
  assert.ok(oldest >= 100 && oldest < 130, `${oldest} s`);

  const counts = [
    [{ kind: 'clip', outcome: 'done' }, 2],
    [{ kind: 'clip', outcome: 'again' }, 1],
    [{ kind: 'ingest', outcome: 'lost' }, 1],
  ] as const;
  for (const [labels, value] of counts) {
    const point = lastOf(double, 'steps/finished', labels);
    assert.deepEqual([point.metricKind, point.valueType, point.value], ['CUMULATIVE', 'INT64', value]);
    assert.ok(point.start !== undefined && point.start >= began && point.start < point.end);
  }

  const duration = lastOf(double, 'steps/duration_seconds', { kind: 'clip' });
  const speed = lastOf(double, 'clips/speed');
  for (const [point, mean, squares] of [[duration, 7.5, 12.5] as const, [speed, 3, 2] as const]) {
    assert.deepEqual([point.metricKind, point.valueType], ['CUMULATIVE', 'DISTRIBUTION']);
    const value = point.value as { count: number; mean: number; sumOfSquaredDeviation: number };
    assert.deepEqual([Number(value.count), value.mean, value.sumOfSquaredDeviation], [2, mean, squares]);
  }

  const ours = {
    project_id: 'a-project',
    location: 'global',
    namespace: 'claqueta',
    job: 'worker',
    task_id: 'worker-1',
  };
  assert.deepEqual(speed.resource, { type: 'generic_task', labels: ours });
  const fleet = { ...ours, job: 'fleet', task_id: 'fleet' };
  const waiting = lastOf(double, 'steps/waiting', { kind: 'clip' });
  assert.deepEqual(waiting.resource, { type: 'generic_task', labels: fleet });
  // What never happened is no series.
  assert.equal(double.points.length, 8 + 3 + 2 + 0);
  assert.deepEqual(double.refusals, []);
});

test('descriptors are made before the first point, with units, and made again without harm', async (t) => {
  const double = await monitoringDouble(t);
  const db = await database(t);
  for (const name of ['worker-1', 'worker-2']) await (await sendingTo(double, db, { name })).flush();
  assert.equal(double.descriptors.size, 8);
  const { unit, description, labels } = double.descriptors.get(`${PREFIX}steps/finished`) ?? {};
  assert.equal(unit, '{step}');
  assert.match(description ?? '', /what became of them/);
  assert.deepEqual(
    labels?.map(({ key }) => key),
    ['kind', 'outcome'],
  );
  assert.equal(double.descriptors.get(`${PREFIX}steps/duration_seconds`)?.unit, 's');
  assert.deepEqual(double.refusals, []);
});

test('points of a series end one after the other and count from the same start', async (t) => {
  const double = await monitoringDouble(t);
  const db = await database(t);
  const metrics = await sendingTo(double, db);
  for (let round = 1; round <= 3; round++) {
    metrics.stepFinished({ kind: 'clip', outcome: 'done', seconds: 1, sourceSeconds: 2 });
    await metrics.flush();
  }
  const counts = double.points.filter(({ type }) => type === `${PREFIX}steps/finished`);
  assert.deepEqual(
    counts.map(({ value }) => value),
    [1, 2, 3],
  );
  assert.equal(new Set(counts.map(({ start }) => start)).size, 1);
  // The service takes a point every five seconds at most.
  for (const [index, { end }] of counts.slice(1).entries()) assert.ok(end - (counts[index]?.end ?? NaN) >= 5000);
  assert.deepEqual(double.refusals, []);
});

test('figures arrive although the service answers UNAVAILABLE at first', async (t) => {
  const double = await monitoringDouble(t);
  const db = await database(t);
  const metrics = await sendingTo(double, db);
  await metrics.flush();
  double.points.length = 0;
  const calls = double.calls;
  double.beUnavailable(2);
  metrics.stepFinished({ kind: 'finish', outcome: 'done', seconds: 0.2 });
  await metrics.flush();
  assert.equal(double.calls - calls, 3);
  assert.equal(lastOf(double, 'steps/finished', { kind: 'finish', outcome: 'done' }).value, 1);
  assert.deepEqual(double.refusals, []);
});

test('rounds are made by themselves, and the last one when it closes', async (t) => {
  const double = await monitoringDouble(t);
  const db = await database(t);
  const metrics = await sendingTo(double, db, { everyMs: 100 });
  metrics.stepFinished({ kind: 'clip', outcome: 'done', seconds: 1, sourceSeconds: 2 });
  const rounds = () => new Set(double.points.map(({ end }) => end)).size;
  await until(() => rounds() >= 3, { what: 'three rounds have arrived' });
  metrics.stepFinished({ kind: 'clip', outcome: 'released', seconds: 1 });
  await metrics.close();
  assert.equal(lastOf(double, 'steps/finished', { kind: 'clip', outcome: 'released' }).value, 1);
  assert.deepEqual(double.refusals, []);
});

test('nothing blocks while the service hangs, and closing takes 2 s at most', async (t) => {
  const double = await monitoringDouble(t);
  const db = await database(t);
  double.hang();
  const metrics = await sendingTo(double, db, { everyMs: 50 });
  await until(() => double.calls > 0, { what: 'a call hangs' });
  const began = performance.now();
  for (let step = 0; step < 100_000; step++) {
    metrics.stepFinished({ kind: 'clip', outcome: 'done', seconds: 1, sourceSeconds: 2 });
    metrics.slotsBusy(1, 2);
  }
  assert.ok(performance.now() - began < 1_000, 'telling takes long');
  const closing = performance.now();
  await metrics.close();
  const took = performance.now() - closing;
  assert.ok(took < 2_500, `closing took ${took} ms`);
});

/** Two tasks: one waits for its ingest, one of three parts of 20 s has one of them taken. */
async function someWork(db: Db): Promise<void> {
  const owner = await newOwner(db);
  await plannedTask(db, owner, 3);
  await claim(db);
  await newTask(db, owner);
  await db.raw(`update steps set ready_at = ready_at - interval '100 seconds' where state = 'waiting' and part = 2`);
}
