import assert from 'node:assert/strict';
import { rows, type Db } from '../../shared/db/connect.ts';
import { clipKey } from '../../shared/task/keys.ts';
import type { ClaimedStep } from '../../shared/task/task.ts';
import type { Known } from './operations.ts';

interface Row {
  id: string;
  status: string;
  parts_left: number | null;
  steps: StepRow[];
}

interface StepRow {
  step: string;
  kind: string;
  part: number | null;
  state: string;
  attempt: number;
  tries: number;
  key: string | null;
}

export function readRows(db: Db): Promise<Row[]> {
  return rows<Row>(
    db,
    `select tasks.id, tasks.status, tasks.parts_left,
       (select jsonb_agg(jsonb_build_object('step', steps.id, 'kind', kind, 'part', part, 'state', state,
               'attempt', attempt, 'tries', tries, 'key', output ->> 'key') order by steps.id)
        from steps where task_id = tasks.id) as steps
     from tasks`,
  );
}

const FINAL = ['succeeded', 'failed', 'cancelled'];
const OPEN = ['waiting', 'leased'];

/** What must hold at every moment, whatever was done. */
export function assertSane(now: Row[], { finished }: Known): void {
  assert.equal(new Set(finished.map(stepOf)).size, finished.length, 'a step was finished twice');
  for (const task of now) {
    const parts = task.steps.filter(({ kind }) => kind === 'clip' || kind === 'sound');
    const open = task.steps.filter(({ state }) => OPEN.includes(state));
    assert.ok(task.steps.filter(({ kind }) => kind === 'finish').length <= 1, 'a finish step was made twice');
    if (FINAL.includes(task.status)) assert.deepEqual(open, [], `a ${task.status} task has work`);
    else assert.ok(open.length > 0, `a ${task.status} task has no work left`);
    if (task.parts_left !== null && task.status === 'running') {
      assert.equal(task.parts_left, parts.filter(({ state }) => OPEN.includes(state)).length, 'parts are miscounted');
    }
    if (task.status === 'succeeded') {
      assert.ok(task.steps.every(({ state }) => state === 'done'));
      assert.equal(parts.length, 4);
    }
    for (const part of parts.filter(({ state }) => state === 'done')) {
      assert.equal(part.key, clipKey(task.id, part.part ?? 0, part.attempt), 'not the current attempt was published');
      assert.ok(finished.includes(`${part.step}/${part.attempt}`), 'nobody was told that this was published');
    }
  }
}

/** What may not change from one moment to the next. */
export function assertForward(before: Row[], now: Row[], retried: boolean): void {
  const later = new Map(now.flatMap(({ steps }) => steps.map((step) => [step.step, step])));
  for (const old of before.flatMap(({ steps }) => steps)) {
    const step = later.get(old.step);
    assert.ok(step && step.attempt >= old.attempt, 'an attempt went back');
    if (old.state === 'done') assert.deepEqual(step, old, 'what was done changed');
  }
  for (const old of before.filter(({ status }) => FINAL.includes(status))) {
    const { status } = now.find(({ id }) => id === old.id) ?? {};
    if (!retried || old.status === 'succeeded') assert.equal(status, old.status, 'a final task changed');
  }
}

/** Only the newest lease of a step lets its holder write. */
export function assertFenced(before: Row[], written: ClaimedStep[]): void {
  const attempts = new Map(before.flatMap(({ steps }) => steps.map(({ step, attempt }) => [String(step), attempt])));
  for (const lease of written) {
    assert.equal(lease.attempt, attempts.get(String(lease.step)), 'a stale attempt wrote');
  }
}

function stepOf(lease: string): string {
  return lease.split('/')[0] ?? '';
}
