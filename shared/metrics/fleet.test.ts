import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { freshDatabase } from '../../test/kit/database.ts';
import { fleetPoints, monitoringDouble, sendingTo, seriesOf } from '../../test/kit/monitoring-double.ts';
import { importTypeScript } from '../../test/kit/program.ts';
import { newOwner, plannedTask } from '../../test/kit/tasks.ts';
import { until } from '../../test/kit/until.ts';
import { connect, rows, type Db } from '../db/connect.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

async function database(t: TestContext): Promise<{ db: Db; url: string }> {
  const url = await freshDatabase(t);
  const db = connect(url, { name: 'test', max: 4 });
  t.after(() => db.destroy());
  return { db, url };
}

test('one of two processes writes what waits for the fleet, and the other once the first was killed', async (t) => {
  const double = await monitoringDouble(t);
  const { db, url } = await database(t);
  await plannedTask(db, await newOwner(db), 3);
  const processes = new Map(['one', 'other'].map((name) => [name, startTelling(t, name, double.endpoint, url)]));
  const own = (name: string) => double.points.some(({ resource }) => resource.labels.task_id === name);
  await until(() => own('one') && own('other') && fleetPoints(double).length > 20, {
    what: 'both write and one of them for the fleet',
    timeout: 30_000,
  });
  assert.equal(await locks(db), 1);
  const holder = await holderOf(db);
  assert.ok(holder);
  const killed = processes.get(holder);
  killed?.kill('SIGKILL');
  if (killed) await once(killed, 'exit');
  const killedAt = Date.now();
  const before = fleetPoints(double).length;
  await until(() => fleetPoints(double).length > before + 10, { what: 'the other writes for the fleet' });
  assert.ok(Date.now() - killedAt < 5_000);
  assert.notEqual(await holderOf(db), holder);
  // Two at once would have ended points at the same time or out of order.
  assert.deepEqual(double.refusals, []);
});

test('who closes hands the fleet over', async (t) => {
  const double = await monitoringDouble(t);
  const { db } = await database(t);
  const first = await sendingTo(double, db, { name: 'first' });
  const second = await sendingTo(double, db, { name: 'second' });
  await first.flush();
  await second.flush();
  assert.equal(fleetPoints(double).length, 6);
  await first.close();
  await until(async () => (await locks(db)) === 0, { what: 'the lock is free' });
  assert.equal(fleetPoints(double).length, 6);
  await second.flush();
  assert.equal(fleetPoints(double).length, 12);
  assert.equal(new Set(fleetPoints(double).map(seriesOf)).size, 6);
});

test('a holder whose connection breaks loses the right and takes it again', async (t) => {
  const double = await monitoringDouble(t);
  const { db } = await database(t);
  const metrics = await sendingTo(double, db);
  await metrics.flush();
  await db.raw(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()`,
  );
  await until(async () => (await locks(db)) === 0, { what: 'the connection is gone' });
  double.points.length = 0;
  await metrics.flush();
  await metrics.flush();
  assert.ok(fleetPoints(double).length >= 5);
  assert.equal(await locks(db), 1);
});

async function locks(db: Db): Promise<number> {
  return (await holders(db)).length;
}

async function holderOf(db: Db): Promise<string | undefined> {
  return (await holders(db))[0];
}

/** Names of the connections that hold an advisory lock of this database. */
async function holders(db: Db): Promise<string[]> {
  const found = await rows<{ name: string }>(
    db,
    `select application_name as name from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  );
  return found.map(({ name }) => name);
}

/** A process of its own that tells its figures, until it is killed. */
function startTelling(t: TestContext, name: string, endpoint: string, url: string) {
  const shared = (file: string) => JSON.stringify(pathToFileURL(path.join(import.meta.dirname, '..', file)).href);
  const program = `
    import { connect } from ${shared('db/connect.ts')};
    import { createLog } from ${shared('log.ts')};
    import { openMetrics } from ${shared('metrics/open.ts')};
    const [name, endpoint, url] = process.argv.slice(1);
    const db = connect(url, { name, max: 2 });
    const metrics = await openMetrics(
      { METRICS: 'cloud-monitoring', MONITORING_ENDPOINT: endpoint, GOOGLE_CLOUD_PROJECT: 'a-project' },
      { db, log: createLog('silent', name), job: 'worker', name },
      200,
    );
    metrics.slotsBusy(0, 1);
    setInterval(() => {}, 1000);
  `;
  const child = spawn(
    process.execPath,
    [...importTypeScript, '--input-type=module', '-e', program, name, endpoint, url],
    {
      env: { ...process.env, METADATA_SERVER_DETECTION: 'none' },
      stdio: 'inherit',
    },
  );
  t.after(() => child.kill('SIGKILL'));
  return child;
}
