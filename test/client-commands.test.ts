import assert from 'node:assert/strict';
import { stat, utimes, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { connectKept, keepSession, readSession, sessionFile } from '../client/cli/kept-session.ts';
import type { Api, Session } from '../client/connect.ts';
import { rows } from '../shared/db/connect.ts';
import { commandLine } from './kit/command-line.ts';
import { startService } from './kit/service.ts';
import { until } from './kit/until.ts';

test('commands', async (t) => {
  const service = await startService(t);
  const { claqueta, account } = await commandLine(t, service);
  assert.equal((await claqueta('login', '--url', service.url, '--email', account.email)).code, 0);

  await t.test('aborting a task that ends at this moment leaves it and its clips there', async () => {
    const [task] = await rows<{ id: string }>(
      service.db,
      `insert into tasks (id, owner_id, profile, source, status)
       select gen_random_uuid(), id, '{"name": "idrl"}', '{"kind": "url", "url": "http://x"}', 'running' from users returning id`,
    );
    const id = task?.id ?? '';
    const ending = await service.db.transaction();
    await ending.raw(`update tasks set status = 'cancelled', finished_at = clock_timestamp() where id = ?`, [id]);
    const aborting = claqueta('abort', id);
    const held = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await until(async () => (await rows(service.db, held)).length > 0, { what: 'the abort waits for the end' });
    await ending.commit();
    const { code, err } = await aborting;
    assert.deepEqual([code, /is cancelled already/.test(err)], [1, true]);
    assert.equal((await claqueta('status', id)).code, 1, 'a cancelled task, which is still there');
    assert.equal((await rows(service.db, 'select from tasks where id = :id', { id })).length, 1);
  });

  await t.test('commands that wait side by side keep the session that they share', async () => {
    const expired = { ...(await readSession()), expires_at: 0 } as Session;
    await keepSession(expired);
    const { signal } = new AbortController();
    const [first, second, third, late] = [1, 2, 3, 4].map(() => connectKept(expired, signal));
    const list = async (api?: Api) => (await api?.GET('/tasks'))?.response.status;
    assert.deepEqual(await Promise.all([first, second, third].map(list)), [200, 200, 200]);
    const given = await rows<{ used: boolean }>(service.db, 'select used_at is not null as used from refresh_tokens');
    assert.deepEqual(given.map(({ used }) => used).sort(), [false, true], 'one of them refreshed for all');
    // No repeating any more.
    await service.db.raw(`update refresh_tokens set used_at = used_at - interval '60 seconds'`);
    assert.equal(await list(late), 200);
    assert.equal((await claqueta('list')).code, 0);
  });

  await t.test('a session that was killed while refreshing is waited for no longer than it can be at it', async () => {
    const lock = `${sessionFile()}.lock`;
    await writeFile(lock, '');
    const before = new Date(Date.now() - 61_000);
    await utimes(lock, before, before);
    await keepSession({ ...(await readSession()), expires_at: 0 } as Session);
    assert.equal((await claqueta('list')).code, 0);
    await assert.rejects(stat(lock), { code: 'ENOENT' });
  });
});
