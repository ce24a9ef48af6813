import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clip, Part, Row, Task } from '../../web/ui/api/types.ts';
import { completed, expiresSoon, lacks, withClip, withPart, withRow, withSnapshot } from '../../web/ui/task/changes.ts';
import { asCurl } from '../../web/ui/task/curl.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const clip = (part: number, url: string, minutes: number) =>
  ({ part, url, sha256: `of ${part}`, url_expires_at: new Date(NOW + minutes * 60_000).toISOString() }) as Clip;
const part = (number: number, state: Part['state']) => ({ part: number, state }) as Part;
const task = (more: Partial<Task>) =>
  ({ task_id: 'a', status: 'running', parts: [], clips: [], media: null, ...more }) as Task;

test('a player keeps its address while it holds, and is given the new one in time', () => {
  const before = task({ clips: [clip(1, 'old', 10), clip(2, 'old', 1)] });
  const after = task({ clips: [clip(1, 'new', 15), clip(2, 'new', 15)] });
  assert.deepEqual(
    withSnapshot(before, after, NOW).clips.map(({ url }) => url),
    ['old', 'new'],
  );
  assert.equal(withClip(before, clip(1, 'new', 15), NOW).clips[0]?.url, 'old');
  assert.equal(expiresSoon(before, NOW), true);
  assert.equal(expiresSoon(after, NOW), false);
});

test('a clip that was made again is another clip', () => {
  const again = { ...clip(1, 'new', 15), sha256: 'another' };
  const { clips } = withClip(task({ clips: [clip(1, 'old', 10)] }), again, NOW);
  assert.deepEqual(clips, [again]);
});

test('events change what they name, and parts stay in their order', () => {
  const first = withPart(task({ parts: [part(1, 'done'), part(3, 'waiting')] }), part(2, 'leased'));
  assert.deepEqual(
    first.parts.map(({ part: number, state }) => `${number} ${state}`),
    ['1 done', '2 leased', '3 waiting'],
  );
  const row = { task_id: 'a', status: 'failed', parts: 3, parts_done: 1 } as Row;
  const changed = withRow(first, row);
  assert.equal(changed.status, 'failed');
  assert.equal(changed.parts.length, 3);
});

test('what no event tells of is missed', () => {
  assert.equal(lacks(task({})), false);
  assert.equal(lacks(task({ parts: [part(1, 'waiting')] })), true);
  const media = {} as Task['media'];
  assert.equal(lacks(task({ media, clips: [clip(1, 'u', 9)], zip_url: null })), true);
  assert.equal(lacks(task({ media, clips: [clip(1, 'u', 9)], zip_url: 'z' })), false);
});

test('what is read when the video was looked at brings its warnings along', () => {
  const warnings: Task['warnings'] = [{ code: 'hdr_tonemapped', message: 'It is HDR.' }];
  assert.deepEqual(completed(task({ warnings: [] }), task({ warnings })).warnings, warnings);
});

test('the command for a shell holds no token, and no name ends its quotes', () => {
  const source = { kind: 'upload' as const, name: `it's; rm -rf $HOME.mp4` };
  const command = asCurl({ task_id: 'a', profile: 'idrl', source }, 'https://x.example');
  assert.match(command, /-F 'video=@it'\\''s; rm -rf \$HOME\.mp4'/);
  assert.match(command, /Bearer \$token"/);
});
