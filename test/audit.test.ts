import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { audit, NOWHERE, purgeAudit, readAudit } from '../shared/audit.ts';
import { connect, type Db } from '../shared/db/connect.ts';
import { grantToServices } from '../shared/db/grants.ts';
import { freshDatabase } from './kit/database.ts';
import { newOwner } from './kit/tasks.ts';
import { undo } from './kit/undo.ts';

async function database(t: TestContext): Promise<{ db: Db; url: string }> {
  const url = await freshDatabase(t);
  const db = connect(url, { name: 'test', max: 2 });
  undo(t, () => db.destroy());
  return { db, url };
}

async function writeOld(db: Db, days: number): Promise<void> {
  await db.raw(
    `insert into audit (event, at) values ('log_in', clock_timestamp() - make_interval(days => cast(:days as integer)))`,
    { days },
  );
}

test('a line of the audit can be neither changed nor removed, and outlives its account', async (t) => {
  const { db } = await database(t);
  const user = await newOwner(db);
  await audit(db, { event: 'log_in', user, address: '198.51.100.7', requestId: 'a-request' });
  await assert.rejects(db.raw(`update audit set event = 'log_out'`), /only added to/);
  await assert.rejects(db.raw('delete from audit'), /only added to/);
  await assert.rejects(db.raw('truncate audit'), /only added to/);
  await db.raw('delete from users');
  const [line, ...others] = (await readAudit(db, { max: 10, before: null })).lines;
  const written = { event: 'log_in', user_id: user, task_id: null, address: '198.51.100.7', request_id: 'a-request' };
  assert.deepEqual({ ...line, id: '', at: '' }, { ...written, id: '', at: '' });
  assert.deepEqual(others, []);
});

test('lines go when their time is over, and young ones never', async (t) => {
  const { db } = await database(t);
  for (const days of [400, 366, 364, 31, 29, 0]) await writeOld(db, days);
  assert.equal(await purgeAudit(db, 365), 2);
  assert.equal(await purgeAudit(db, 365), 0);
  assert.equal(await purgeAudit(db, 0), 2, 'those of the last 30 days stay');
  await assert.rejects(db.raw('delete from audit'), /only added to/, 'the guard is up again');
  assert.equal((await readAudit(db, { max: 10, before: null })).lines.length, 2);
});

test('services that log in as others add to the audit and let old lines go, and can do nothing else to it', async (t) => {
  const { db, url } = await database(t);
  const role = `auditing_${process.pid}`;
  await db.raw('create role ?? login', [role]);
  undo(t, () => db.raw('drop owned by ??', [role]).then(() => db.raw('drop role ??', [role])));
  await db.transaction((trx) => grantToServices(trx, role));
  const services = connect(url, { name: 'test', max: 1 });
  undo(t, () => services.destroy());
  await services.raw('set role ??', [role]);

  await audit(services, { event: 'log_in', user: null, ...NOWHERE });
  await writeOld(services, 400);
  await services.raw(`set claqueta.purge = 'on'`);
  for (const change of [`update audit set event = ''`, 'delete from audit', 'truncate audit', 'drop table audit']) {
    await assert.rejects(services.raw(change), /permission denied|must be owner/, change);
  }
  assert.equal(await purgeAudit(services, 365), 1);
  assert.equal((await readAudit(services, { max: 10, before: null })).lines.length, 1);
});
