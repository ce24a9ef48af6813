import type { Address } from '../../shared/db/address.ts';
import type { Db } from '../../shared/db/connect.ts';
import { keepListening } from '../../shared/db/listen.ts';
import type { Log } from '../../shared/log.ts';
import { readTasks } from '../../shared/task/read.ts';
import type { Step, Task } from '../../shared/task/task.ts';
import { markWatched } from './mark-watched.ts';

/** What became of a task: what it is now, or null when it was removed. */
export interface Change {
  id: string;
  now: { task: Task; steps: Step[] } | null;
}

/** Somebody who wants to hear of one task, or of all of an owner's. */
export interface Watcher {
  owner: string;
  /** Null for all. */
  task: string | null;
  tell: (change: Change) => void;
  /** Changes may have gone unheard: everything watched has to be looked at again. */
  lookAgain: (why: 'gap' | 'begun') => void;
}

export interface Changes {
  /** Answers how to stop. */
  watch(watcher: Watcher): () => void;
  /** Resolves when the changes of an owner who is watched are heard. */
  hears(owner: string): Promise<void>;
  /** Tells those who watch these tasks what they are now; resolves when they have been told. */
  look(owner: string, ids: string[]): Promise<void>;
  /** Calls whenever the database tells of anything: a followed task, a delivery that was made. Or it may have. */
  onAny(heard: () => void): void;
  close(): Promise<void>;
}

/** Changes are gathered for so long: with 200 who watch, one reading serves all. */
const GATHER_MS = 150;
/** Tasks read at once. When web has been away everybody looks again, and a video of hours has a thousand steps. */
const MOST_READ = 20;
/** The database is away: what changed meanwhile is read when it is back. */
const RETRY_MS = 1_000;
/** What was being committed when watching began may not be told of; so long after, it can be read. */
const COMMITTED_MS = 1_000;

/**
 * Hears of every change that somebody follows, by `NOTIFY` from the database, and tells those of this process who watch
 * the task.
 */
export function watchChanges({ db, address, log }: { db: Db; address: Address; log: Log }): Changes {
  const watchers = new Set<Watcher>();
  const settling = new Set<NodeJS.Timeout>();
  const watched = markWatched({ db, log }, (owners) => {
    const timer = setTimeout(() => {
      settling.delete(timer);
      for (const watcher of watchers) if (owners.has(watcher.owner)) watcher.lookAgain('begun');
    }, COMMITTED_MS);
    settling.add(timer);
  });
  const hearing = new Set<() => void>();
  const changed = new Map<string, string>();
  let waiting: { done: Promise<void>; resolve: () => void } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const listener = keepListening(address, {
    channel: 'claqueta_changes',
    name: 'claqueta-changes',
    onNotification(text) {
      hearing.forEach((heard) => heard());
      const [owner = '', task = ''] = text.split(' ');
      if ([...watchers].some((watcher) => wants(watcher, owner, task))) void gather(owner, [task]);
    },
    onOpen() {
      hearing.forEach((heard) => heard());
      watched.again();
      watchers.forEach((watcher) => watcher.lookAgain('gap'));
    },
    log,
  });

  function gather(owner: string, ids: string[]): Promise<void> {
    for (const id of ids) changed.set(id, owner);
    waiting ??= pending();
    if (!closed) timer ??= setTimeout(() => void read(), GATHER_MS);
    return waiting.done;
  }

  async function read(): Promise<void> {
    const [asked, asking] = [new Map(changed), waiting];
    changed.clear();
    waiting = undefined;
    try {
      while (asked.size > 0) {
        const some = [...asked].slice(0, MOST_READ);
        const found = await readTasks(
          db,
          some.map(([id]) => id),
        );
        for (const [id, owner] of some) {
          tell(owner, { id, now: found.get(id) ?? null });
          asked.delete(id);
        }
      }
      asking?.resolve();
    } catch (error) {
      log.warn({ err: error }, 'could not read what changed; trying again');
      // What changed again meanwhile is in there already, and waits with it.
      for (const [id, owner] of asked) changed.set(id, owner);
      void (waiting ??= pending()).done.then(() => asking?.resolve());
      timer = closed ? undefined : setTimeout(() => void read(), RETRY_MS);
      return;
    }
    // One reading after the other: an older state never follows a newer one.
    timer = waiting && !closed ? setTimeout(() => void read(), GATHER_MS) : undefined;
  }

  function tell(owner: string, change: Change): void {
    for (const watcher of watchers) if (wants(watcher, owner, change.id)) watcher.tell(change);
  }

  return {
    watch(watcher) {
      watchers.add(watcher);
      void watched.add(watcher.owner);
      return () => {
        watchers.delete(watcher);
        if (![...watchers].some(({ owner }) => owner === watcher.owner)) watched.remove(watcher.owner);
      };
    },
    hears: (owner) => watched.add(owner),
    look: gather,
    onAny: (heard) => void hearing.add(heard),
    async close() {
      closed = true;
      clearTimeout(timer);
      settling.forEach((one) => clearTimeout(one));
      watched.close();
      waiting?.resolve();
      await listener.close();
    },
  };
}

function wants({ owner, task }: Watcher, changedOwner: string, changedTask: string): boolean {
  return owner === changedOwner && (task === null || task === changedTask);
}

function pending(): { done: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const done = new Promise<void>((settle) => (resolve = settle));
  return { done, resolve };
}
