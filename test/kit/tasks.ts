import { uuidv7 } from 'uuidv7';
import type { Db } from '../../shared/db/connect.ts';
import { rows } from '../../shared/db/connect.ts';
import { claimStep } from '../../shared/task/claim.ts';
import { createTask, type NewTask } from '../../shared/task/create.ts';
import { clipKey, fetchedSourceKey } from '../../shared/task/keys.ts';
import { finishIngest } from '../../shared/task/finish.ts';
import type { Media } from '../../shared/task/media.ts';
import type { ClipInput } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import type { ClaimedStep, StoredClip } from '../../shared/task/task.ts';

/** Tasks and steps without videos, for what SQL decides. */

export async function newOwner(db: Db): Promise<string> {
  const id = uuidv7();
  await db.raw(`insert into users (id, username, email, password_hash) values (?, ?, ?, 'none')`, [
    id,
    id,
    `${id}@example.com`,
  ]);
  return id;
}

export async function newTask(db: Db, owner: string, more: Partial<NewTask> = {}): Promise<string> {
  const id = uuidv7();
  const created = await createTask(db, {
    id,
    owner,
    profile: { name: 'idrl' } as Profile,
    source: { kind: 'url', url: 'https://example.com/video.mp4' },
    sourceKey: null,
    bytes: null,
    priority: 0,
    externalId: null,
    callbackUrl: null,
    idempotencyKey: null,
    requestHash: null,
    requestId: 'a-request',
    trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    ...more,
  });
  return created.id;
}

/** Claims a step that must be there. */
export async function claim(db: Db, worker = 'a-worker', seconds = 20): Promise<ClaimedStep> {
  const step = await claimStep(db, worker, seconds);
  if (!step) throw new Error('There is no step to claim.');
  return step;
}

/** A task of so many clip steps, its ingest done. */
export async function plannedTask(db: Db, owner: string, parts: number, more: Partial<NewTask> = {}): Promise<string> {
  const id = await newTask(db, owner, more);
  const ingest = await claim(db);
  if (ingest.task !== id) throw new Error('Another step came first.');
  await finishIngest(db, ingest, {
    sourceKey: fetchedSourceKey(id, 1),
    media: {} as Media,
    clips: clipInputs(parts),
    hasSoundStep: false,
  });
  return id;
}

export function clipInputs(parts: number): ClipInput[] {
  return Array.from({ length: parts }, (_, index) => ({
    part: { number: index + 1, start: index * 20, end: (index + 1) * 20 },
    pictures: 600,
    first_picture_at: index * 20,
    last_picture_at: (index + 1) * 20 - 1 / 30,
    seek_to: null,
  }));
}

export function clipOf(step: ClaimedStep): StoredClip {
  return {
    key: clipKey(step.task, step.part ?? 0, step.attempt),
    bytes: 1,
    sha256: '',
    seconds: 22,
    frames: 528,
    width: 1280,
    height: 720,
    has_sound: true,
  };
}

/** Lets a lease run out as if its worker had been lost. */
export async function expireLeases(db: Db): Promise<void> {
  await db.raw(`update steps set lease_until = clock_timestamp() - interval '1 second' where state = 'leased'`);
}

export async function taskRow(db: Db, id: string) {
  const [task] = await rows<{ status: string; parts_left: number | null; error: { code: string } | null }>(
    db,
    `select status, parts_left, error from tasks where id = :id`,
    { id },
  );
  return task;
}

/** States of a task's steps, in order: `clip 1: done`. */
export async function stepStates(db: Db, id: string): Promise<string[]> {
  const steps = await rows<{ kind: string; part: number | null; state: string }>(
    db,
    `select kind, part, state from steps where task_id = :id order by id`,
    { id },
  );
  return steps.map((step) => `${step.kind}${step.part ? ` ${step.part}` : ''}: ${step.state}`);
}
