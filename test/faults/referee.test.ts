import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence, Move } from './evidence.ts';
import { judge } from './referee.ts';

const task = '01900000-0000-7000-8000-000000000001';
const clip = { key: `clips/${task}/0001-a1.mp4`, bytes: 9, sha256: 'of the clip' };
const source = { key: `sources/${task}/a1`, bytes: 5, sha256: 'of the source' };
const none = { step: null, kind: null, part: null, attempt_was: null, attempt: null, key: null };

const made: Move = { ...none, task, was: null, became: 'pending' };
const ended: Move = { ...none, task, was: 'running', became: 'succeeded' };
const begun: Move = {
  ...none,
  task,
  step: '2',
  kind: 'clip',
  part: 1,
  was: 'waiting',
  became: 'leased',
  attempt_was: 0,
  attempt: 1,
};
const done: Move = { ...begun, was: 'leased', became: 'done', attempt_was: 1, key: clip.key };

/** A run in which all went well: one task of two seconds, one clip. */
function clean(): Evidence {
  return {
    accepted: [{ key: '1-tiny', task, asked: 'nothing' }],
    refused: [],
    tasks: [{ id: task, key: '1-tiny', status: 'succeeded', source_key: source.key, error: null }],
    steps: [{ task, kind: 'clip', part: 1, state: 'done', ...clip }],
    history: [made, begun, done, ended],
    stored: [clip, source],
    readings: new Map([[clip.sha256, { frames: 96, width: 320, height: 180 }]]),
    processes: [],
    files: [],
    ends: [],
  };
}

/** Says what a change to the clean run makes of it. */
function judged(change: Partial<Evidence>): string[] {
  return judge({ ...clean(), ...change }).map(({ kind, what }) => `${kind}: ${what.replaceAll(task, 'T')}`);
}

const [row] = clean().tasks;
const [step] = clean().steps;
assert.ok(row && step);

test('a run in which all went well has no violation', () => assert.deepEqual(judged({}), []));

test('a task that was answered 201 and is not there, or has not ended, is lost', () => {
  assert.deepEqual(judged({ tasks: [], steps: [], stored: [] }), [
    'lost: task T (1-tiny) was answered 201 and has no row',
  ]);
  assert.deepEqual(judged({ tasks: [{ ...row, status: 'running' }] }), ['lost: task T (1-tiny) is still running']);
  assert.deepEqual(judged({ tasks: [{ ...row, status: 'failed', error: 'clip_failed' }] }), [
    'lost: task T (1-tiny) is failed: clip_failed',
  ]);
});

test('a step that is still held although its task has ended is lost', () => {
  const held = { ...step, kind: 'finish', part: null, state: 'leased', key: null, bytes: null, sha256: null };
  assert.deepEqual(judged({ steps: [step, held] }), ['lost: finish  of T is still leased, and its task has ended']);
});

test('a task that the run itself cancelled or removed is not lost', () => {
  const cancelled = { accepted: [{ key: '1-tiny', task, asked: 'cancel' as const }] };
  assert.deepEqual(judged({ ...cancelled, tasks: [{ ...row, status: 'cancelled' }] }), []);
  const removed = { history: [...clean().history, { ...ended, was: 'succeeded', became: 'removed' }] };
  assert.deepEqual(judged({ ...cancelled, ...removed, tasks: [], steps: [], stored: [] }), []);
  assert.deepEqual(judged({ tasks: [{ ...row, status: 'cancelled' }] }), [
    'lost: task T (1-tiny) is cancelled: nobody asked for that',
  ]);
});

test('a step done again, or by an attempt that does not hold it, is done twice', () => {
  const again = { ...done, was: 'done' };
  assert.deepEqual(judged({ history: [made, begun, done, again, ended] }), [
    'twice: clip 1 of T, attempt 1, was done again',
    'twice: clip 1 of T, attempt 1, was changed after it was done',
    'twice: clip 1 of T, attempt 1, was done by somebody who did not hold it',
  ]);
  const late = { ...done, attempt_was: 2, attempt: 2 };
  assert.deepEqual(judged({ history: [made, begun, late, ended] }), [
    'twice: clip 1 of T, attempt 2, was published by attempt 1',
  ]);
});

test('what happens after the end of a task is found, and several tasks of one request too', () => {
  const cancelled = { ...ended, became: 'cancelled' };
  const history = [made, begun, cancelled, done];
  const accepted = [{ key: '1-tiny', task, asked: 'cancel' as const }];
  assert.deepEqual(judged({ history, accepted, tasks: [{ ...row, status: 'cancelled' }] }), [
    'twice: clip 1 of T, attempt 1, was done after its task was cancelled',
  ]);
  const [failed, retried] = [
    { ...ended, became: 'failed' },
    { ...ended, was: 'failed', became: 'running' },
  ];
  assert.deepEqual(judged({ history: [made, failed, retried, begun, done, ended] }), [], 'a retry may go on');
  const other = { ...row, id: 'other', status: 'cancelled' };
  const asked = [...accepted, { key: 'other', task: 'other', asked: 'cancel' as const }];
  assert.deepEqual(judged({ accepted: asked, tasks: [row, other] }), ['twice: several tasks were made of 1-tiny']);
});

test('a clip that is missing, changed or not as its recipe says is wrong', () => {
  assert.deepEqual(judged({ stored: [source] }), [
    `wrong: ${clip.key.replace(task, 'T')} is published and not in storage`,
  ]);
  assert.match(judged({ stored: [{ ...clip, bytes: 8 }, source] }).join(), /is not what was written down/);
  const short = new Map([[clip.sha256, { frames: 90, width: 320, height: 180 }]]);
  assert.match(judged({ readings: short }).join(), /^wrong: .* instead of .*"frames":96/);
  assert.deepEqual(judged({ steps: [], stored: [source] }), [
    'wrong: task T (1-tiny) succeeded with the parts  instead of 1',
  ]);
});

test('a file without a row, a process, a passing file and an end that nobody asked for are left behind', () => {
  const zombie = { key: `clips/${task}/0001-a2.mp4`, bytes: 1, sha256: 'x' };
  const found = judged({
    stored: [clip, source, zombie],
    processes: ['7 ffmpeg'],
    files: ['/tmp/x'],
    ends: ['web 1 ended'],
  });
  assert.deepEqual(found, [
    'left: clips/T/0001-a2.mp4 is in storage and nothing refers to it',
    'left: process left: 7 ffmpeg',
    'left: file left: /tmp/x',
    'left: web 1 ended',
  ]);
});
