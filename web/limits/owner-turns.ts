import { inTurn, type Turns } from './in-turn.ts';

/**
 * What creates something waits for its owner's row. Beyond so many, an owner's requests wait here and not in a connection
 * of the pool, which all others would miss. Two, so that one travels while the other works.
 */
const AT_ONCE = 2;
const WAITING = 100;

export interface OwnerTurns {
  /** @throws ApiError 429 when too much of this owner waits already */
  take<Result>(owner: string, work: () => Promise<Result>): Promise<Result>;
}

/** One queue an owner, for as long as there is anything in it. */
export function ownerTurns(): OwnerTurns {
  const owners = new Map<string, { turns: Turns; inside: number }>();
  return {
    async take(owner, work) {
      const own = owners.get(owner) ?? { turns: inTurn(AT_ONCE, WAITING, TOO_MANY), inside: 0 };
      owners.set(owner, own);
      own.inside++;
      try {
        return await own.turns.take(work);
      } finally {
        own.inside--;
        if (own.inside === 0) owners.delete(owner);
      }
    },
  };
}

const TOO_MANY = { code: 'too_many_at_once', detail: 'Too many of your requests wait already. Send fewer at once.' };
