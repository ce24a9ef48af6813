import { createHash } from 'node:crypto';
import { rows, type Db } from '../../shared/db/connect.ts';
import { networkOf } from '../client-address.ts';
import { ApiError } from '../errors.ts';

export interface ThrottleSettings {
  /** Tries for one account before the next has to wait. */
  LOG_IN_TRIES: number;
  /** The same for one address, which may be an office's. */
  ADDRESS_TRIES: number;
}

/** The longest that anybody has to wait for the next try: there is no lock, and 288 guesses a day find no password. */
export const LONGEST_SECONDS = 300;
/** Whoever has not tried for so long starts anew. */
const FORGET_SECONDS = 3_600;

/** A try that was let through. It counts as wrong until it is given back. */
export interface Try {
  /** Whether the next one has to wait. */
  slowed: boolean;
  /** It was right: the account starts anew, the address has one try more. */
  giveBack(): Promise<void>;
}

/**
 * Takes one try at an account's password, known or not, and from the client's address. After some tries each doubles the
 * wait for the next: 1 s, 2 s, 4 s, … It is counted before the password is looked at, so that a hundred at once are a
 * hundred tries, and by the database, so that all processes count together and none forgets.
 *
 * @throws ApiError 429, whether or not there is such an account and whether or not the password is right
 */
export async function takeTry(db: Db, settings: ThrottleSettings, email: string, address: string): Promise<Try> {
  const subjects = { account: hashOf(`account\n${email.toLowerCase()}`), address: addressSubject(address) };
  const [taken] = await rows<{ wait: number; let_through: boolean; slowed: boolean }>(db, TAKE, {
    ...subjects,
    ...limits(settings),
  });
  if (!taken?.let_through) throw tooManyTries(taken?.wait ?? 1);
  return {
    slowed: taken.slowed,
    async giveBack() {
      await db.raw(GIVE_BACK, subjects);
    },
  };
}

/**
 * Takes one new account from the client's address: who signs up learns which email addresses have accounts.
 *
 * @throws ApiError 429
 */
export async function takeSignUp(db: Db, settings: ThrottleSettings, address: string): Promise<void> {
  const [taken] = await rows<{ wait: number; let_through: boolean }>(db, TAKE_ONE, {
    address: hashOf(`sign-up\n${networkOf(address)}`),
    ...limits(settings),
  });
  if (!taken?.let_through) throw tooManyTries(taken?.wait ?? 1);
}

/** Removes one batch of tries that count no more. */
export async function forgetTries(db: Db, batch = 1_000): Promise<number> {
  const gone = await rows(
    db,
    `delete from tries where subject in (
       select subject from tries where forgotten_at < clock_timestamp() limit :batch for update skip locked
     ) returning subject`,
    { batch },
  );
  return gone.length;
}

function addressSubject(address: string): Buffer {
  return hashOf(`address\n${networkOf(address)}`);
}

function hashOf(subject: string): Buffer {
  return createHash('sha256').update(subject).digest();
}

function limits({ LOG_IN_TRIES, ADDRESS_TRIES }: ThrottleSettings) {
  const seconds = { longest: LONGEST_SECONDS, forget: FORGET_SECONDS };
  return { accountFree: LOG_IN_TRIES, addressFree: ADDRESS_TRIES, ...seconds };
}

function tooManyTries(wait: number): ApiError {
  const seconds = Math.max(1, Math.ceil(wait));
  return new ApiError(429, 'too_many_tries', `Too many tries. Wait ${seconds} s, then try again.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}

/** Seconds to wait after so many tries. */
const delay = (count: string, free: string) =>
  `make_interval(secs => case when ${count} <= ${free} then 0
     else least(:longest, power(2, least(${count} - ${free} - 1, 20))) end)`;

/** Counts one try of a subject unless it has to wait, and then says nothing. */
const count = (subject: string, free: string, from = '') => {
  const next = 'case when held.forgotten_at < clock_timestamp() then 1 else held.count + 1 end';
  return /* sql */ `
  insert into tries as held (subject, count, free_at, forgotten_at)
  select ${subject}, 1, clock_timestamp() + ${delay('1', free)}, clock_timestamp() + make_interval(secs => :forget) ${from}
  on conflict (subject) do update
  set count = ${next},
      free_at = clock_timestamp() + ${delay(`(${next})`, free)},
      forgotten_at = excluded.forgotten_at
  where held.free_at <= clock_timestamp()
  returning subject, free_at`;
};

const waitOf = (subjects: string) =>
  `(select cast(extract(epoch from max(free_at) - clock_timestamp()) as double precision)
    from tries where subject in (${subjects}))`;

/**
 * The address comes first, and only whom it lets through counts for the account: else one address that has to wait
 * could keep an account waiting. Always in this order, so that two cannot wait for each other.
 */
const TAKE = /* sql */ `
with address as (${count('cast(:address as bytea)', ':addressFree')}
), account as (${count('cast(:account as bytea)', ':accountFree', 'from address')}
)
select exists (select from account) as let_through,
  coalesce((select free_at > clock_timestamp() from account), true)
    or coalesce((select free_at > clock_timestamp() from address), true) as slowed,
  ${waitOf(':address, :account')} as wait
`;

const TAKE_ONE = /* sql */ `
with address as (${count('cast(:address as bytea)', ':addressFree')}
)
select exists (select from address) as let_through, ${waitOf(':address')} as wait
`;

const GIVE_BACK = /* sql */ `
with account as (delete from tries where subject = :account)
update tries set count = greatest(count - 1, 0), free_at = clock_timestamp() where subject = :address
`;
