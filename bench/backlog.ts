import type { Db } from '../shared/db/connect.ts';

/** Parts of one task at most: two hours of video. */
const PARTS = 360;

export interface Backlog {
  /** Steps that wait. */
  steps: number;
  /** Owners that they are spread over evenly. */
  owners: number;
}

/** Replaces whatever is there by tasks whose clip steps wait, as after a day on which no worker ran. */
export async function fillBacklog(db: Db, { steps, owners }: Backlog): Promise<void> {
  await db.raw('truncate users, tasks, steps, shares cascade');
  const each = Math.ceil(steps / owners);
  const given = { owners, each, parts: PARTS, tasks: Math.ceil(each / PARTS) };
  await db.raw(
    `insert into users (id, username, email, password_hash)
     select id, id, id || '@example.com', 'none' from (select cast(gen_random_uuid() as text) as text_id
       from generate_series(1, :owners)) as made, cast(text_id as uuid) as id`,
    given,
  );
  await db.raw(
    `insert into tasks (id, owner_id, status, profile, source, source_key, media, parts_left, started_at)
     select gen_random_uuid(), users.id, 'running', '{"name":"idrl"}', '{"kind":"url","url":"https://example.com/v.mp4"}',
            'sources/v.mp4', '{}', least(:parts, :each - (number - 1) * :parts), clock_timestamp()
     from users, generate_series(1, :tasks) as number`,
    given,
  );
  await db.raw(
    `insert into steps (task_id, owner_id, kind, part, priority, input)
     select tasks.id, owner_id, 'clip', part, 0, jsonb_build_object('part', jsonb_build_object(
              'number', part, 'start', (part - 1) * 20, 'end', part * 20), 'pictures', 600, 'seek_to', null)
     from tasks, generate_series(1, parts_left) as part`,
  );
  await db.raw('insert into shares (owner_id) select id from users');
  for (const name of ['users', 'tasks', 'steps', 'shares']) await db.raw(`vacuum analyze ${name}`);
}
