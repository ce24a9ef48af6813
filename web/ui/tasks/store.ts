import { batch, computed, effect, signal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import type { Row, Task } from '../api/types.ts';
import { follow } from '../live/follow.ts';
import type { ServerEvent } from '../live/events.ts';
import { nameOf } from '../parts/in-words.ts';
import { session } from '../session/session.ts';
import { texts } from '../settings/language.ts';
import { tell } from '../shell/say.tsx';
import { reachAfter, shownOf, withPage, type Filter, type Known, type Reach } from './known.ts';

/** Rows of a page. */
const PAGE = 100;
/** Changes are shown together: hundreds may come at once. */
const GATHER_MS = 60;

const known = signal<Known>(new Map());
const reached = signal<Partial<Record<Filter, Reach>>>({});

export const filter = signal<Filter>('all');
export const isLoading = signal(false);
/** Why the list could not be read, until it is. */
export const failure = signal<unknown>(null);

const nothing: Reach = { newest: null, last: null, cursor: null };
const reach = computed<Reach>(() => reached.value[filter.value] ?? nothing);
export const shown = computed(() => shownOf(known.value, filter.value, reach.value));
export const hasMore = computed(() => reach.value.cursor !== null);
/** Whether the list was read at all: before that, nothing is no sign of anything. */
export const isRead = computed(() => reached.value[filter.value] !== undefined);

// Another's tasks are not for whoever logs in next.
effect(() => {
  void session.value?.email;
  batch(() => {
    known.value = new Map();
    reached.value = {};
    filter.value = 'all';
    failure.value = null;
  });
});

/** Keeps the list up to date while it is looked at. Answers how to stop. */
export function followList(): () => void {
  return follow({ path: '/events', onEvent: take, poll: readFirst });
}

export async function choose(next: Filter): Promise<void> {
  filter.value = next;
  await readAgain();
}

export async function readAgain(): Promise<void> {
  failure.value = null;
  await readFirst().catch(() => undefined);
}

export async function loadMore(): Promise<void> {
  if (isLoading.value || !hasMore.value) return;
  isLoading.value = true;
  await readPage(filter.value, reach.value).catch(() => undefined);
  isLoading.value = false;
}

/** A task that was just made here. */
export function showNew(task: Task): void {
  const { parts, clips } = task;
  put(new Map([[task.task_id, { ...task, parts: parts.length, parts_done: clips.length }]]));
}

async function readFirst(signal?: AbortSignal): Promise<void> {
  try {
    await readPage(filter.value, nothing, signal);
    failure.value = null;
  } catch (error) {
    if (!signal?.aborted) failure.value = error;
    throw error;
  }
}

async function readPage(of: Filter, { last, cursor }: Reach, signal?: AbortSignal): Promise<void> {
  const query = new URLSearchParams({ max: String(PAGE), order: '1' });
  if (of !== 'all') query.set('status', of);
  if (cursor !== null) query.set('cursor', cursor);
  const changed = changedFromNow();
  const { body, headers } = await ask<Row[]>('GET', `/tasks?${query}`, signal ? { signal } : {}).finally(changed.stop);
  const next = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? null;
  const page = { rows: body, filter: of, after: last, cursor: next, changed: changed.ids };
  batch(() => {
    known.value = withPage(known.value, page);
    const ids = body.map(({ task_id }) => task_id);
    const next = reachAfter(reached.value[of], { ids, isFirst: cursor === null, cursor: page.cursor });
    reached.value = { ...reached.value, [of]: next };
  });
}

const noting = new Set<Set<string>>();

function changedFromNow() {
  const ids = new Set<string>();
  noting.add(ids);
  return { ids, stop: () => void noting.delete(ids) };
}

let waiting = new Map<string, Row | null>();

function take({ event, data }: ServerEvent): void {
  if (event === 'ready') void readFirst().catch(() => undefined);
  if (event !== 'task' && event !== 'removed') return;
  const row = JSON.parse(data) as Row;
  if (waiting.size === 0) setTimeout(flush, GATHER_MS);
  waiting.set(row.task_id, event === 'removed' ? null : row);
}

function flush(): void {
  const changes = waiting;
  waiting = new Map();
  put(changes);
}

function put(changes: ReadonlyMap<string, Row | null>): void {
  const next = new Map(known.value);
  for (const [id, row] of changes) {
    for (const ids of noting) ids.add(id);
    const before = next.get(id);
    if (row) next.set(id, row);
    else next.delete(id);
    const { status } = texts.value.tasks;
    if (row && before && before.status !== row.status) tell(texts.value.tasks.became(nameOf(row), status[row.status]));
  }
  known.value = next;
}
