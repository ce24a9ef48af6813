import os from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { inTurn } from '../limits/in-turn.ts';

/** argon2id with 64 MiB and three passes: 50 ms on two cores, OWASP's advice for 2024 and more. */
export const COST = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 };

/**
 * Hashes in flight. They run on libuv's four threads, which files and host names need too, and each takes 64 MiB.
 */
const AT_ONCE = Math.min(2, os.availableParallelism());
/** Who comes last in a full queue waits for a second; more would only time out elsewhere. */
const WAITING = 40;

const turns = inTurn(AT_ONCE, WAITING, {
  code: 'too_many_logins',
  detail: 'Too many people log in at the moment. Try again shortly.',
});

/** @throws ApiError 429 when too many others wait */
export function hashPassword(password: string): Promise<string> {
  return turns.take(() => hash(password, COST));
}

/**
 * Whether the password is right. Without an account a made-up hash of the same cost is checked, so that the time taken
 * does not tell who has an account.
 *
 * @throws ApiError 429 when too many others wait
 */
export async function checkPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const right = await turns.take(() => verify(passwordHash ?? NOBODYS_HASH, password));
  return right && passwordHash !== null;
}

/** Before anything is written or counted for a request that would be refused for want of a turn. */
export function refuseWhenFull(): void {
  turns.refuseWhenFull();
}

/** Salt and hash are zeros: which password has it nobody knows, and it would be refused all the same. */
const NOBODYS_HASH = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
