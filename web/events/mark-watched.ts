import { rows, type Db } from '../../shared/db/connect.ts';
import type { Log } from '../../shared/log.ts';

/** How long a mark tells, in seconds, and how often it is written anew: one that comes late is in time. */
const LASTS_S = 60;
const AGAIN_MS = 20_000;
/** The database is away. */
const RETRY_MS = 1_000;

export interface Watched {
  /** Resolves when the database tells of this owner's changes. */
  add(owner: string): Promise<void>;
  remove(owner: string): void;
  /** The database may have forgotten. */
  again(): void;
  close(): void;
}

/**
 * Writes down whose changes are followed here, for only those are told of (see the migration `0012-watched`).
 *
 * @param onMarked hears of owners whose changes were not told of until now: what was being written at that moment may
 *   not be told of either
 */
export function markWatched({ db, log }: { db: Db; log: Log }, onMarked: (owners: Set<string>) => void): Watched {
  /** When each was marked last; null for not yet. */
  const owners = new Map<string, number | null>();
  const waiting = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let writing = false;
  let closed = false;

  async function mark(): Promise<void> {
    clearTimeout(timer);
    if (writing || closed || owners.size === 0) return;
    writing = true;
    const at = Date.now();
    const asked = [...owners.keys()];
    const asking = [...waiting];
    const lapsed = asked.filter((owner) => at - (owners.get(owner) ?? 0) > LASTS_S * 1000);
    try {
      await rows(db, MARK, { owners: JSON.stringify(asked), lasts: LASTS_S });
      for (const owner of asked) if (owners.has(owner)) owners.set(owner, at);
      for (const done of asking) {
        waiting.delete(done);
        done();
      }
      if (lapsed.length > 0) onMarked(new Set(lapsed));
      next(waiting.size > 0 ? 0 : AGAIN_MS);
    } catch (error) {
      log.warn({ err: error }, 'could not write down whose changes are followed; trying again');
      next(RETRY_MS);
    } finally {
      writing = false;
    }
  }

  function next(ms: number): void {
    if (!closed) timer = setTimeout(() => void mark(), ms);
  }

  return {
    async add(owner) {
      if (closed) return;
      const marked = owners.get(owner);
      if (marked != null && Date.now() - marked < LASTS_S * 1000) return;
      owners.set(owner, null);
      const done = new Promise<void>((resolve) => waiting.add(resolve));
      void mark();
      await done;
    },
    remove: (owner) => void owners.delete(owner),
    again() {
      for (const owner of owners.keys()) owners.set(owner, null);
      void mark();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      waiting.forEach((done) => done());
    },
  };
}

/** In the order of their ids, as every web does, so that two cannot wait for each other. An owner may be gone. */
const MARK = /* sql */ `
insert into watched (owner_id, until)
select users.id, clock_timestamp() + make_interval(secs => :lasts)
from users
where users.id in (select cast(id as uuid) from jsonb_array_elements_text(cast(:owners as jsonb)) as given(id))
order by users.id
on conflict (owner_id) do update set until = greatest(watched.until, excluded.until)
`;
