import assert from 'node:assert/strict';
import { test } from 'node:test';
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
});
