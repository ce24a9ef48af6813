import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { freshDatabase } from '../../test/kit/database.ts';
import { claim, newOwner, newTask, plannedTask } from '../../test/kit/tasks.ts';
import { connect, rows, type Db } from '../db/connect.ts';
import { createLog } from '../log.ts';
import { openMetrics } from './open.ts';

const log = createLog('silent', 'test');
const settings = { METRICS: 'prometheus', GOOGLE_CLOUD_PROJECT: undefined, MONITORING_ENDPOINT: undefined } as const;

async function database(t: TestContext): Promise<Db> {
  const db = connect(await freshDatabase(t), { name: 'test', max: 4 });
  t.after(() => db.destroy());
  return db;
}

test('the page for Prometheus is well formed and says what the database says', async (t) => {
  const db = await database(t);
  await someWork(db);
  const metrics = await openMetrics(settings, { db, log, job: 'local', name: 'local-1' });
  metrics.slotsBusy(1, 2);
  for (const seconds of [0.1, 7, 7_000])
    metrics.stepFinished({ kind: 'clip', outcome: 'done', seconds, sourceSeconds: 20 });
  assert.ok(metrics.page);
  const page = parsePage(await metrics.page());

  const waiting = await rows<{ kind: string; steps: number; source: number | null }>(
    db,
    `select kind, cast(count(*) as integer) as steps,
            sum(cast(input -> 'part' ->> 'end' as float8) - cast(input -> 'part' ->> 'start' as float8)) as source
     from steps where state = 'waiting' group by kind`,
  );
  assert.equal(waiting.length, 2);
  for (const { kind, steps } of waiting) assert.equal(page.value('claqueta_steps_waiting', { kind }), steps);
  assert.equal(page.value('claqueta_steps_waiting', { kind: 'finish' }), 0);
  const source = waiting.find(({ kind }) => kind === 'clip')?.source;
  assert.equal(page.value('claqueta_steps_waiting_source_seconds'), source);
  const oldest = page.value('claqueta_steps_oldest_waiting_seconds');
  assert.ok(oldest >= 100 && oldest < 130);

  assert.equal(page.type('claqueta_steps_finished_total'), 'counter');
  assert.equal(page.value('claqueta_steps_finished_total', { kind: 'clip', outcome: 'done' }), 3);
  assert.equal(page.value('claqueta_steps_finished_total', { kind: 'ingest', outcome: 'failed' }), 0);
  assert.equal(page.value('claqueta_slots_busy'), 1);
  assert.equal(page.value('claqueta_slots'), 2);
  const durations = page.histogram('claqueta_steps_duration_seconds', { kind: 'clip' });
  // A value on the end of a bucket lies in it.
  assert.equal(durations.buckets.get(0.1), 1);
  assert.equal(durations.buckets.get(5), 1);
  assert.equal(durations.buckets.get(10), 2);
  assert.equal(durations.buckets.get(3600), 2);
  assert.equal(durations.buckets.get(Infinity), 3);
  assert.deepEqual([durations.count, durations.sum], [3, 7_007.1]);
  await metrics.close();
});

test("a worker's page has its own figures only, and a page without a database has them still", async (t) => {
  const db = await database(t);
  const worker = await openMetrics(settings, { db, log, job: 'worker', name: 'worker-1' });
  const web = await openMetrics(settings, { db, log, job: 'web', name: 'web-1' });
  assert.ok(worker.page && web.page);
  assert.equal(parsePage(await worker.page()).type('claqueta_steps_waiting'), undefined);
  assert.equal(parsePage(await web.page()).type('claqueta_steps_waiting'), 'gauge');
  await db.raw('alter table steps rename to hidden');
  const page = parsePage(await web.page());
  assert.equal(page.type('claqueta_steps_waiting'), undefined);
  assert.equal(page.type('claqueta_steps_finished_total'), 'counter');
});

/** Two tasks: one waits for its ingest, one of three parts of 20 s has one of them taken. */
async function someWork(db: Db): Promise<void> {
  const owner = await newOwner(db);
  await plannedTask(db, owner, 3);
  await claim(db);
  await newTask(db, owner);
  await db.raw(`update steps set ready_at = ready_at - interval '100 seconds' where state = 'waiting' and part = 2`);
}

interface Page {
  /** As its TYPE line says; undefined when the page does not have the figure. */
  type(name: string): string | undefined;
  value(name: string, labels?: Record<string, string>): number;
  histogram(
    name: string,
    labels?: Record<string, string>,
  ): { buckets: Map<number, number>; sum: number; count: number };
}

/**
 * Reads a page as strictly as the format is written: every line, HELP before TYPE before the samples of a figure, all of
 * them together, none twice, buckets that never shrink and end with +Inf and the count.
 */
function parsePage(text: string): Page {
  assert.ok(text.endsWith('\n'), 'the last line must end');
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  let helped = '';
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) \S.*$/.exec(line);
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/.exec(line);
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (-?[0-9.]+(e[+-]?[0-9]+)?|\+Inf|-Inf|NaN)$/.exec(line);
    if (help) {
      helped = help[1] ?? '';
      assert.ok(!types.has(helped), `${helped} comes twice`);
    } else if (type) {
      current = type[1] ?? '';
      assert.equal(current, helped, 'TYPE follows HELP of the same figure');
      types.set(current, type[2] ?? '');
    } else {
      assert.ok(sample, `not a line of the format: ${line}`);
      const [, name = '', labels = '', value = ''] = sample;
      const allowed =
        types.get(current) === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => current + end) : [current];
      assert.ok(allowed.includes(name), `${name} stands among the samples of ${current}`);
      const key = keyOf(name, parseLabels(labels));
      assert.ok(!samples.has(key), `${key} comes twice`);
      samples.set(key, value === '+Inf' ? Infinity : Number(value));
    }
  }
  const value = (name: string, labels: Record<string, string> = {}) => {
    const found = samples.get(keyOf(name, labels));
    assert.ok(found !== undefined, `the page does not have ${keyOf(name, labels)}`);
    return found;
  };
  return {
    value,
    type: (name) => types.get(name),
    histogram(name, labels = {}) {
      const buckets = new Map<number, number>();
      for (const key of samples.keys()) {
        const [found = '', pairs = '{}'] = key.split(' ');
        const { le, ...others } = JSON.parse(pairs) as Record<string, string>;
        if (found !== `${name}_bucket` || le === undefined || keyOf('', others) !== keyOf('', labels)) continue;
        buckets.set(le === '+Inf' ? Infinity : Number(le), samples.get(key) ?? NaN);
      }
      const [ends, counts] = [[...buckets.keys()], [...buckets.values()]];
      for (const list of [ends, counts])
        assert.deepEqual(
          list,
          list.toSorted((one, other) => one - other),
        );
      const [sum, count] = [value(`${name}_sum`, labels), value(`${name}_count`, labels)];
      assert.equal(buckets.get(Infinity), count);
      return { buckets, sum, count };
    },
  };
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text.slice(1, -1);
  while (rest !== '') {
    const pair = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\n"])*)"(,(?=[a-zA-Z_])|$)/.exec(rest);
    assert.ok(pair, `not labels: ${text}`);
    labels[pair[1] ?? ''] = pair[2] ?? '';
    rest = rest.slice(pair[0].length);
  }
  return labels;
}

function keyOf(name: string, labels: Record<string, string>): string {
  return `${name} ${JSON.stringify(Object.fromEntries(Object.entries(labels).sort()))}`;
}
