import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { audit, NOWHERE, purgeAudit, readAudit, type AuditRow } from '../shared/audit.ts';
import { connect, rows, type Db } from '../shared/db/connect.ts';
import { grantToServices } from '../shared/db/grants.ts';
import { standings } from '../web/auth/standings.ts';
import { auditedEvents, logIn, openSession, refresh, type Session, type TestAccount } from './kit/accounts.ts';
import { clientWith, type Answer } from './kit/client.ts';
import { freshDatabase } from './kit/database.ts';
import { assertProblem } from './kit/problem.ts';
import { startProgram } from './kit/program.ts';
import { startService, type Service } from './kit/service.ts';
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

test('what is done through the API is in the audit: who, what, which task, from where, in which request', async (t) => {
  const proxied = { PUBLIC_URL: 'https://video.example.com', PROXY_ENTRIES: '2', LOG_IN_TRIES: '1' };
  const service = await startService(t, { workers: 0, env: proxied });
  const { account, client, refresh_token: first } = await openSession(service.url);
  const id = account.id;
  const url = 'https://example.com/video.mp4?signature=do-not-tell';
  const { task_id: task } = await client.submit(url);
  await client.ask('DELETE', `/tasks/${task}`);
  await client.ask('POST', `/tasks/${task}/retry`);
  await client.ask('DELETE', `/tasks/${task}`);
  await client.ask('DELETE', `/tasks/${task}`);
  await client.ask('DELETE', `/tasks/${task}`);
  await client.ask('POST', '/tasks', { url: 'http://169.254.169.254/do-not-tell' });
  const { upload_id: upload } = (
    await client.ask<{ upload_id: string }>('POST', '/uploads', { bytes: 5, name: 'do-not-tell.mp4' })
  ).body;
  const second = (await refresh(service.url, first)).body.refresh_token;
  await refresh(service.url, first);
  await refresh(service.url, second);
  const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7, 192.0.2.1', 'x-request-id': 'the-request' };
  const nobody = clientWith(service.url, '');
  const guess = (email: string) => nobody.ask('POST', '/auth/login', { email, password: 'do-not-tell' }, headers);
  await guess('do-not-tell@example.com');
  await guess(account.email);
  await guess(account.email);
  await guess(account.email);
  const third = (await newSessionOf(service, account)).refresh_token;
  await nobody.ask('POST', '/auth/logout', { refresh_token: third });
  await nobody.ask('POST', '/auth/logout', { refresh_token: third });

  const lines = await rows<AuditRow>(service.db, 'select * from audit order by id');
  assert.deepEqual(
    lines.map(({ event, user_id, task_id }) => [event, user_id, task_id]),
    [
      ['sign_up', id, null],
      ['log_in', id, null],
      ['task_created', id, task],
      ['task_cancelled', id, task],
      ['task_retried', id, task],
      ['task_cancelled', id, task],
      ['task_deleted', id, task],
      ['source_refused', id, null],
      ['upload_opened', id, upload],
      ['refresh_reused', id, null],
      ['log_in_failed', null, null],
      ['log_in_failed', id, null],
      ['log_in_failed', id, null],
      ['log_in_throttled', id, null],
      ['log_in', id, null],
      ['log_out', id, null],
    ],
  );
  const failed = lines.find(({ event }) => event === 'log_in_failed');
  assert.deepEqual([failed?.address, failed?.request_id], ['198.51.100.7', 'the-request']);
  for (const line of lines) assert.ok(line.address && line.request_id && line.at, line.event);
  assert.doesNotMatch(JSON.stringify(lines), /do-not-tell/);
});

test('admins read the audit page by page, newest first', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { account, client } = await openSession(service.url);
  await service.db.raw(`update users set role = 'admin'`);
  for (let line = 0; line < 5; line++) await audit(service.db, { event: 'log_in', user: account.id, ...NOWHERE });
  const seen: string[] = [];
  let pages = 0;
  for (let next: string | undefined = '/admin/audit?max=3'; next; pages++) {
    const page: Answer<{ event: string; at: string }[]> = await client.ask('GET', next);
    assert.equal(page.status, 200);
    seen.push(...page.body.map(({ event }) => event));
    next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
  }
  assert.equal(pages, 3);
  assert.deepEqual(seen, (await auditedEvents(service.db)).toReversed());
  for (const query of ['max=0', 'max=101', 'cursor=!!', `cursor=${'9'.repeat(19)}`]) {
    assertProblem(await client.ask('GET', `/admin/audit?${query}`), 400, 'invalid_request');
  }
});

test('operators at the machine make admins and end sessions, and the audit has it', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { account } = await openSession(service.url);
  const operate = async (...args: string[]) => {
    const program = startProgram(t, 'shared/operator.ts', { DATABASE_URL: service.env.DATABASE_URL ?? '' }, args);
    return { code: await program.ended, output: program.output() };
  };
  const [made, revoked, unknown] = await Promise.all([
    operate('make-admin', account.email.toUpperCase()),
    operate('revoke', account.email),
    operate('revoke', 'nobody@example.com'),
  ]);
  assert.deepEqual([made.code, revoked.code, unknown.code], [0, 0, 1], made.output + revoked.output);
  assert.match(unknown.output, /no account with this email address/);
  const known = standings(service.db);
  assert.deepEqual(await known.of(account.id), { role: 'admin', tokenVersion: 1 });
  assert.equal((await refresh(service.url, (await newSessionOf(service, account)).refresh_token)).status, 200);
  assert.deepEqual((await auditedEvents(service.db)).slice(2, 4).sort(), ['made_admin', 'revoked']);
});

async function newSessionOf(service: Service, account: TestAccount): Promise<Session> {
  await service.db.raw('update tries set free_at = clock_timestamp()');
  const { status, body } = await logIn(service.url, account);
  assert.equal(status, 200);
  return body;
}
