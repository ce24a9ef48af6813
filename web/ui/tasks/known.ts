import type { Row, Status } from '../api/types.ts';

/** Which tasks of those known are shown, and how a page of the list changes them. Pure. */
export type Known = ReadonlyMap<string, Row>;
export type Filter = Status | 'all';

/** How far down the list was read. */
export interface Reach {
  /** Newest id when the first page was read last; null when there was none. */
  newest: string | null;
  /** Oldest id that was read; null before the first page. */
  last: string | null;
  /** Where the next page begins; null when there is none. */
  cursor: string | null;
}

/** Newest first: ids are in the order of time. What lies below the last page read would come with gaps. */
export function shownOf(known: Known, filter: Filter, { last, cursor }: Omit<Reach, 'newest'>): Row[] {
  const rows: Row[] = [];
  for (const row of known.values()) {
    const isRead = cursor === null || last === null || row.task_id >= last;
    if (isRead && (filter === 'all' || row.status === filter)) rows.push(row);
  }
  return rows.sort((one, other) => (one.task_id < other.task_id ? 1 : -1));
}

interface Page {
  rows: Row[];
  filter: Filter;
  /** Oldest id of the page before; null for the first page. */
  after: string | null;
  /** Where the next page begins; null when there is none. */
  cursor: string | null;
  /** Ids that changed since the page was asked for: what is known of them is newer. */
  changed: ReadonlySet<string>;
}

/** Takes over what the page says, and drops what should have been in it and is not. */
export function withPage(known: Known, { rows, filter, after, cursor, changed }: Page): Map<string, Row> {
  const next = new Map(known);
  const listed = new Set(rows.map(({ task_id }) => task_id));
  const last = rows.at(-1)?.task_id;
  for (const [id, row] of known) {
    const isInPage = (after === null || id < after) && (cursor === null || (last !== undefined && id >= last));
    const fits = filter === 'all' || row.status === filter;
    if (isInPage && fits && !listed.has(id) && !changed.has(id)) next.delete(id);
  }
  for (const row of rows) {
    if (!changed.has(row.task_id)) next.set(row.task_id, { progress: known.get(row.task_id)?.progress, ...row });
  }
  return next;
}

/**
 * How far down the list is read after another page of it. A first page that does not touch what was read before leaves a
 * gap above that: the list is read from there again. Pure.
 */
export function reachAfter(
  before: Reach | undefined,
  { ids, isFirst, cursor }: { ids: string[]; isFirst: boolean; cursor: string | null },
): Reach {
  const page = { newest: ids[0] ?? null, last: ids.at(-1) ?? null, cursor };
  if (!isFirst) return { ...page, newest: before?.newest ?? page.newest };
  if (cursor === null || page.last === null || !before?.newest || page.last > before.newest) return page;
  // The first page is read again and again; what was read below it stays.
  return { ...before, newest: page.newest };
}

/** 0 to 100. */
export function percentOf({ status, progress, parts, parts_done }: Row): number {
  if (status === 'succeeded') return 100;
  return progress?.percent ?? (parts === 0 ? 0 : (100 * parts_done) / parts);
}
