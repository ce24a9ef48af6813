/**
 * Accounts, tasks, steps and their guards.
 *
 * The constraints and triggers repeat what the code already takes care of: a mistake in a statement then ends in an
 * error and not in a task that is lost or done twice.
 */
export const tasksAndSteps = /* sql */ `
create table users (
  id uuid primary key,
  username text not null,
  email text not null,
  password_hash text not null,
  role text not null default 'owner' check (role in ('owner', 'admin')),
  created_at timestamptz not null default clock_timestamp()
);
create unique index users_username on users (lower(username));
create unique index users_email on users (lower(email));

create table refresh_tokens (
  token_hash bytea primary key,
  family uuid not null,
  user_id uuid not null references users on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_family on refresh_tokens (family);
create index refresh_tokens_expiry on refresh_tokens (expires_at);

create table tasks (
  id uuid primary key,
  owner_id uuid not null references users on delete cascade,
  status text not null default 'pending'
    check (status in ('pending', 'running', 'succeeded', 'failed', 'cancelled')),
  profile jsonb not null,
  priority smallint not null default 0 check (priority between -10 and 10),
  external_id text,
  callback_url text,
  source jsonb not null,
  source_key text,
  media jsonb,
  parts_left integer check (parts_left >= 0),
  error jsonb,
  idempotency_key text,
  request_hash text,
  request_id text,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  check ((status in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null)),
  check (status <> 'failed' or error is not null),
  check (status <> 'succeeded' or parts_left = 0)
);
create index tasks_by_owner on tasks (owner_id, id);
create unique index tasks_idempotency on tasks (owner_id, idempotency_key) where idempotency_key is not null;

create table steps (
  id bigint generated always as identity primary key,
  task_id uuid not null references tasks on delete cascade,
  owner_id uuid not null,
  kind text not null check (kind in ('ingest', 'clip', 'finish')),
  part integer,
  state text not null default 'waiting' check (state in ('waiting', 'leased', 'done', 'failed', 'cancelled')),
  priority smallint not null,
  attempt integer not null default 0,
  tries integer not null default 0 check (tries >= 0),
  ready_at timestamptz not null default clock_timestamp(),
  announced_at timestamptz default clock_timestamp(),
  worker text,
  lease_until timestamptz,
  progress real not null default 0 check (progress between 0 and 1),
  input jsonb,
  source_seconds double precision generated always as
    (cast(input #>> '{part,end}' as double precision) - cast(input #>> '{part,start}' as double precision)) stored,
  output jsonb,
  error jsonb,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  unique nulls not distinct (task_id, kind, part),
  check ((kind = 'clip') = (part is not null)),
  check ((state = 'leased') = (worker is not null and lease_until is not null)),
  check ((state = 'done') = (output is not null)),
  check ((state in ('done', 'failed', 'cancelled')) = (finished_at is not null))
);
create index steps_waiting on steps (owner_id, priority desc, id) where state = 'waiting';
create index steps_leased on steps (lease_until) where state = 'leased';
-- For the figures of what waits: read from the index alone, which needs pages that vacuum has seen lately.
create index steps_waiting_by_kind on steps (kind, ready_at) include (source_seconds) where state = 'waiting';
alter table steps set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

comment on column steps.attempt is 'Leases given so far. Every later write names it, so a late writer changes nothing.';
comment on column steps.source_seconds is 'Length of the part, in seconds; null where there is none.';
comment on column steps.tries is 'Attempts that count: failed or crashed. Steps given back on stopping do not count.';

-- Whose turn it is: the owner served longest ago comes next.
create table shares (
  owner_id uuid primary key references users on delete cascade,
  active boolean not null default true,
  activated_at timestamptz not null default clock_timestamp(),
  served_at timestamptz not null default '-infinity'
);
create index shares_active on shares (owner_id) where active;

-- What storage must lose. Written before files without a row can come to be, so that no crash leaves any behind.
create table removals (
  prefix text primary key,
  due_at timestamptz not null
);
create index removals_due on removals (due_at);

create function guard_task() returns trigger language plpgsql as $guard$
begin
  if old.status in ('succeeded', 'failed', 'cancelled') and new.status <> old.status
    and (old.status = 'succeeded' or current_setting('claqueta.retry', true) is distinct from 'on') then
    raise exception 'task % is % and stays so', old.id, old.status using errcode = 'check_violation';
  end if;
  return new;
end $guard$;
create trigger guard_task before update of status on tasks for each row execute function guard_task();

create function guard_step() returns trigger language plpgsql as $guard$
begin
  if old.state in ('done', 'failed', 'cancelled') and new.state <> old.state
    and (old.state = 'done' or current_setting('claqueta.retry', true) is distinct from 'on') then
    raise exception 'step % is % and stays so', old.id, old.state using errcode = 'check_violation';
  end if;
  if new.attempt < old.attempt then
    raise exception 'step % cannot go back to attempt %', old.id, new.attempt using errcode = 'check_violation';
  end if;
  return new;
end $guard$;
create trigger guard_step before update on steps for each row execute function guard_step();
`;
