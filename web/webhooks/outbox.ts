import { rows, type Db } from '../../shared/db/connect.ts';
import { waitSeconds, type Attempted } from './judge.ts';

/** A delivery that this process has leased. */
export interface Leased {
  id: string;
  owner: string;
  attempt: number;
  tries: number;
  event: string;
  url: string;
  body: string;
  /** Null for a callback_url whose owner has no secret yet. */
  secret: string | null;
}

/** Beyond what an attempt may take. A process that was killed is made up for after it, by another. */
const SPARE_SECONDS = 10;
/** Sent at once for one owner, by all processes together: slow receivers hold up their owner alone. */
const MOST_OF_OWNER = 2;

/**
 * Leases what is due; whoever has least under way comes first.
 *
 * @param seconds that an attempt may take
 */
export function leaseDeliveries(db: Db, most: number, seconds: number): Promise<Leased[]> {
  return rows<Leased>(db, LEASE, { most, seconds: seconds + SPARE_SECONDS, ofOwner: MOST_OF_OWNER });
}

/** Writes what became of an attempt; a later attempt of another process stays as it is. */
export async function endAttempt(db: Db, leased: Leased, ms: number, { status, error }: Attempted): Promise<void> {
  await db.raw(END, {
    id: leased.id,
    attempt: leased.attempt,
    ms,
    status,
    error,
    // Not sent to its end because we stop: another may take it at once.
    wait: error === 'stopped' ? 0 : waitSeconds(leased.tries, Math.random()),
  });
}

/** The owners are looked up one after the other in the index: one with 10,000 deliveries costs no more than another. */
const LEASE = /* sql */ `
with recursive owners as (
  (select owner_id from deliveries where state = 'waiting' order by owner_id limit 1)
  union all
  select (select owner_id from deliveries where state = 'waiting' and owner_id > owners.owner_id order by owner_id limit 1)
  from owners where owners.owner_id is not null
),
turns as materialized (
  select owner_id, under_way
  from owners cross join lateral (
    select count(*) as under_way from deliveries
    where deliveries.owner_id = owners.owner_id and sending_until > clock_timestamp()
  ) as sending
  where owner_id is not null and under_way < :ofOwner
  order by under_way, random()
),
next as materialized (
  select ready.id
  from turns cross join lateral (
    select id from deliveries
    where owner_id = turns.owner_id and state = 'waiting' and due_at <= statement_timestamp()
    order by due_at limit 1 for update skip locked
  ) as ready
  limit :most
),
leased as (
  update deliveries
  set attempt = attempt + 1, tries = tries + 1,
      due_at = clock_timestamp() + make_interval(secs => :seconds),
      sending_until = clock_timestamp() + make_interval(secs => :seconds)
  from next where deliveries.id = next.id
  returning deliveries.*
),
noted as (
  insert into delivery_attempts (delivery_id, attempt) select id, attempt from leased
)
select leased.id, leased.owner_id as owner, leased.attempt, leased.tries, leased.event, leased.url, leased.body,
       case when leased.webhook_id is null then users.callback_secret else webhooks.secret end as secret
from leased join users on users.id = leased.owner_id left join webhooks on webhooks.id = leased.webhook_id
`;

const END = /* sql */ `
with noted as (
  update delivery_attempts set status = cast(:status as integer), ms = :ms, error = cast(:error as text)
  where delivery_id = :id and delivery_attempts.attempt = :attempt
)
update deliveries
set state = case when cast(:error as text) is null then 'delivered'
                 when cast(:error as text) = 'gone' or clock_timestamp() + make_interval(secs => :wait) > give_up_at then 'given_up'
                 else 'waiting' end,
    due_at = clock_timestamp() + make_interval(secs => :wait), sending_until = null
where id = :id and attempt = :attempt and state = 'waiting'
`;
