import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../test/kit/database.ts';
import { newOwner, newTask } from '../../test/kit/tasks.ts';
import { connect } from '../db/connect.ts';
import { listed, listTasks } from './list.ts';
import { readTask } from './read.ts';

test('a list is cut by owner, status, place and order, and tells of each task what the task itself does', async (t) => {
  const db = connect(await freshDatabase(t), { name: 'test', max: 1 });
  t.after(() => db.destroy());
  // Times are those of the world, wherever the database stands.
  await db.raw(`set time zone 'Asia/Kolkata'`);
  const [owner, other] = [await newOwner(db), await newOwner(db)];
  await newTask(db, other);
  const times = ['10', '10.1', '10.019', '10.000001', '10.999999', '59.5'];
  const ids: string[] = [];
  for (const [index, seconds] of times.entries()) {
    const id = await newTask(db, owner, { externalId: `${index}` });
    ids.push(id);
    await db.raw(`update tasks set created_at = ?, started_at = created_at where id = ?`, [
      `2026-02-28 23:59:${seconds}+00`,
      id,
    ]);
    if (index % 2 === 1) await db.raw(`update tasks set status = 'cancelled', finished_at = now() where id = ?`, [id]);
  }

  for (const status of [null, 'cancelled', 'failed'] as const) {
    const right = ids.filter((_, index) => status === null || (status === 'cancelled' && index % 2 === 1));
    for (const newestFirst of [true, false]) {
      const order = newestFirst ? right.toReversed() : right;
      for (const max of [2, 100]) {
        const seen: string[] = [];
        for (let more = true; more;) {
          const page = await listTasks(db, { owner, max, newestFirst, status, after: seen.at(-1) ?? null });
          seen.push(...page.tasks.map(({ id }) => id));
          more = page.more;
          assert.equal(more, seen.length < right.length);
        }
        assert.deepEqual(seen, order);
      }
    }
  }

  const { tasks } = await listTasks(db, { owner, max: 10, newestFirst: false, status: null, after: null });
  for (const [index, { parts, parts_done, ...task }] of tasks.entries()) {
    const whole = await readTask(db, ids[index] ?? '', owner);
    assert.ok(whole);
    const told = Object.fromEntries(Object.entries(listed(whole.task)).filter(([name]) => name in task));
    assert.deepEqual(task, told);
    assert.deepEqual([parts, parts_done], [0, 0]);
  }
});
