import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../shared/db/connect.ts';
import { grantToServices } from '../shared/db/grants.ts';
import { isMigrated } from '../shared/db/migrate.ts';
import { claimStep } from '../shared/task/claim.ts';
import { freshDatabase } from './kit/database.ts';
import { newOwner, newTask } from './kit/tasks.ts';
import { undo } from './kit/undo.ts';

test('services that log in as others use the tables and change no schema', async (t) => {
  const url = await freshDatabase(t);
  const db = connect(url, { name: 'test', max: 2 });
  undo(t, () => db.destroy());
  const role = `services_${process.pid}`;
  await db.raw('create role ?? login', [role]);
  undo(t, () => db.raw('drop owned by ??', [role]).then(() => db.raw('drop role ??', [role])));
  await db.transaction((trx) => grantToServices(trx, role));

  const services = connect(url, { name: 'test', max: 1 });
  undo(t, () => services.destroy());
  await services.raw('set role ??', [role]);
  await newTask(services, await newOwner(services));
  assert.equal((await claimStep(services, 'a-worker', 20))?.kind, 'ingest');
  assert.equal(await isMigrated(services), true);
  await assert.rejects(services.raw('alter table tasks add column more text'), /must be owner/);
  await assert.rejects(services.raw('create table public.other ()'), /permission denied/);
});

test('without that role nothing is granted', async (t) => {
  const db = connect(await freshDatabase(t), { name: 'test', max: 1 });
  undo(t, () => db.destroy());
  await db.transaction((trx) => grantToServices(trx, 'nobody_is_called_so'));
});
