import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidv7 } from 'uuidv7';
import { connect, rows } from '../shared/db/connect.ts';
import { sourcePrefix, uploadKey } from '../shared/task/keys.ts';
import { noteUpload, removeUnused } from '../shared/task/removals.ts';
import { freshDatabase } from './kit/database.ts';
import { newOwner, newTask } from './kit/tasks.ts';
import { undo } from './kit/undo.ts';
import { until } from './kit/until.ts';

test('what was stored for a task goes unless the task is there, which may be known late or never', async (t) => {
  const db = connect(await freshDatabase(t), { name: 'test', max: 4 });
  undo(t, () => db.destroy());
  const owner = await newOwner(db);
  const due = async (id: string) => {
    const found = await rows(db, `select from removals where prefix = :prefix and due_at <= clock_timestamp()`, {
      prefix: sourcePrefix(id),
    });
    return found.length === 1;
  };
  const noted = async () => {
    const id = uuidv7();
    await noteUpload(db, sourcePrefix(id), 600);
    return id;
  };
  const write = (id: string, on = db) => newTask(on, owner, { id, sourceKey: uploadKey(id), bytes: 1 });

  const never = await noted();
  await removeUnused(db, never);
  assert.equal(await due(never), true, 'no task');
  const forgotten = uuidv7();
  await removeUnused(db, forgotten);
  assert.equal(await due(forgotten), true, 'no task, and its note was swept');
  const made = await noted();
  await write(made);
  await removeUnused(db, made);
  assert.equal(await due(made), false, 'a task');

  const late = await noted();
  const committing = await db.transaction();
  await write(late, committing);
  const removing = removeUnused(db, late);
  const waits = `select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;
  await until(async () => (await rows(db, waits)).length > 0, { what: 'it waits for the commit' });
  await committing.commit();
  await removing;
  assert.equal(await due(late), false, 'a task that is just being written');
});
