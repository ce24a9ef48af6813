import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row, Status } from '../../web/ui/api/types.ts';
import { eventParser } from '../../web/ui/live/events.ts';
import { percentOf, reachAfter, shownOf, withPage, type Known } from '../../web/ui/tasks/known.ts';
import { rowsInSight } from '../../web/ui/tasks/window.ts';

const row = (id: string, status: Status = 'running') => ({ task_id: id, status, parts: 4, parts_done: 1 }) as Row;
const known = (...rows: Row[]): Known => new Map(rows.map((one) => [one.task_id, one]));
const ids = (rows: Iterable<Row>) => [...rows].map(({ task_id }) => task_id).join('');
const page = { filter: 'all', after: null, cursor: null, changed: new Set<string>() } as const;

test('events come together however the text is cut', () => {
  const text =
    ': alive\n\nevent: task\nid: 7\ndata: {"a":\ndata: 1}\n\nretry: 2000\n\nevent: ready\r\ndata: {}\r\n\r\n';
  const whole = eventParser()(text);
  assert.deepEqual(whole, [
    { event: 'task', id: '7', data: '{"a":\n1}' },
    { event: 'ready', id: '7', data: '{}' },
  ]);
  for (const size of [1, 2, 3, 7]) {
    const parse = eventParser();
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    assert.deepEqual(
      pieces.flatMap((piece) => parse(piece)),
      whole,
      `pieces of ${size}`,
    );
  }
});

test('the list shows what was read, newest first, and nothing with a gap above it', () => {
  const all = known(row('a'), row('c'), row('d', 'failed'), row('b'));
  assert.equal(ids(shownOf(all, 'all', { last: null, cursor: null })), 'dcba');
  assert.equal(ids(shownOf(all, 'failed', { last: null, cursor: null })), 'd');
  assert.equal(ids(shownOf(all, 'all', { last: 'c', cursor: 'next' })), 'dc');
});

test('a page replaces what it covers, and what changed meanwhile stays', () => {
  const before = known(row('a'), row('b'), row('c'), row('d'));
  const rows = [row('d', 'failed'), row('b', 'failed')];
  assert.equal(
    ids(withPage(before, { ...page, rows, cursor: 'next' }).values()),
    'abd',
    'c is gone, a is further down',
  );
  assert.equal(ids(withPage(before, { ...page, rows }).values()), 'bd', 'there is no more below');
  const changed = withPage(before, { ...page, rows, changed: new Set(['c', 'd']) });
  assert.equal(ids(changed.values()), 'bcd');
  assert.equal(changed.get('d')?.status, 'running');
});

test('a first page that does not touch what was read before begins the list anew; one that does leaves it', () => {
  const before = { newest: '5', last: '1', cursor: null };
  const page = { ids: ['7', '6', '5'], isFirst: true, cursor: 'next' };
  assert.deepEqual(reachAfter(before, page), { ...before, newest: '7' });
  assert.deepEqual(reachAfter(before, { ...page, ids: ['9', '8'] }), { newest: '9', last: '8', cursor: 'next' });
  assert.deepEqual(reachAfter(undefined, page), { newest: '7', last: '5', cursor: 'next' });
  assert.deepEqual(
    reachAfter({ newest: '9', last: '8', cursor: 'next' }, { ids: ['7'], isFirst: false, cursor: null }),
    {
      newest: '9',
      last: '7',
      cursor: null,
    },
  );
});

test('progress is what the service says, or else the share of the parts', () => {
  assert.equal(percentOf(row('a')), 25);
  assert.equal(percentOf({ ...row('a'), progress: { phase: 'clip', percent: 60, eta_seconds: 1 } }), 60);
  assert.equal(percentOf(row('a', 'succeeded')), 100);
});

test('only rows in sight are drawn, with some around', () => {
  const sight = { height: 760, rowHeight: 76, count: 5_000 };
  assert.deepEqual(rowsInSight({ ...sight, above: -300 }), { from: 0, to: 15 });
  assert.deepEqual(rowsInSight({ ...sight, above: 76_000 }), { from: 992, to: 1_018 });
  assert.deepEqual(rowsInSight({ ...sight, above: 379_240 }), { from: 4_982, to: 5_000 });
});
