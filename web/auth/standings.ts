import { rows, type Db } from '../../shared/db/connect.ts';

/** What an account may do now, whatever its tokens say. */
export interface Standing {
  role: 'owner' | 'admin';
  tokenVersion: number;
}

export interface Standings {
  /** Null when there is no such account any more. */
  of(user: string): Promise<Standing | null>;
  /** For what this process changes itself: it holds here at once. */
  forget(user: string): void;
}

/**
 * How long another process may go on with what it has read: for so long a revoked token may still be accepted. Reading it
 * with every request would cost one query more for each look at a task's progress.
 */
export const STANDING_MS = 10_000;

/** Users remembered at once; some 200 bytes each. */
const MOST = 10_000;

/** Reads what accounts may do, and remembers it for some seconds. */
export function standings(db: Db, now: () => number = Date.now): Standings {
  const known = new Map<string, { standing: Promise<Standing | null>; until: number }>();

  return {
    of(user) {
      const remembered = known.get(user);
      if (remembered && remembered.until > now()) return remembered.standing;
      // The one read first goes first, which is the one that ends first.
      known.delete(user);
      const [oldest] = known.keys();
      if (known.size >= MOST && oldest !== undefined) known.delete(oldest);
      const entry = { standing: read(db, user), until: now() + STANDING_MS };
      known.set(user, entry);
      entry.standing.catch(() => {
        // The next one asks again, unless somebody has already.
        if (known.get(user) === entry) known.delete(user);
      });
      return entry.standing;
    },

    forget(user) {
      known.delete(user);
    },
  };
}

async function read(db: Db, user: string): Promise<Standing | null> {
  const [found] = await rows<Standing>(
    db,
    `select role, token_version as "tokenVersion" from users where id = cast(:user as uuid)`,
    { user },
  );
  return found ?? null;
}
