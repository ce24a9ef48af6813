import { purgeAudit } from '../../shared/audit.ts';
import type { Db } from '../../shared/db/connect.ts';
import { forgetRefreshTokens } from './refresh-tokens.ts';
import { forgetTries } from './throttle.ts';

/** Batches of one kind at a time; what is left waits for the next tidying. */
const MOST_BATCHES = 20;

/**
 * Removes what has had its time: expired refresh tokens, tries that count no more, lines of the audit.
 *
 * @param signal ends it between two batches
 */
export async function tidyAccounts(db: Db, { AUDIT_DAYS }: { AUDIT_DAYS: number }, signal: AbortSignal): Promise<void> {
  for (const remove of [forgetRefreshTokens, forgetTries, () => purgeAudit(db, AUDIT_DAYS)]) {
    for (let batch = 0; batch < MOST_BATCHES && !signal.aborted; batch++) {
      if ((await remove(db)) === 0) break;
    }
  }
}
