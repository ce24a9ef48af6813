/** Revoking an account's tokens, slowing down log-ins, and the audit. */
export const accountsAndAudit = /* sql */ `
alter table users add column token_version integer not null default 0;
comment on column users.token_version is 'Access tokens carry it; one of another version is not valid.';

-- Who has to wait before the next try, for accounts that exist and for those that do not.
create table tries (
  subject bytea primary key,
  count integer not null check (count >= 0),
  free_at timestamptz not null,
  forgotten_at timestamptz not null
);
create index refresh_tokens_user on refresh_tokens (user_id);
create index tries_forgotten on tries (forgotten_at);
comment on column tries.subject is 'Hash of an email address or of a client''s network.';

-- No foreign keys: a line outlives the account and the task that it tells of.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  event text not null,
  user_id uuid,
  task_id uuid,
  address text,
  request_id text
);
create index audit_by_time on audit (at);

create function guard_audit() returns trigger language plpgsql as $guard$
begin
  if tg_op = 'DELETE' and current_setting('claqueta.purge', true) = 'on' then
    return old;
  end if;
  raise exception 'the audit is only added to' using errcode = 'check_violation';
end $guard$;
create trigger guard_audit before update or delete on audit for each row execute function guard_audit();
create trigger guard_audit_whole before truncate on audit execute function guard_audit();

-- Runs as the audit's owner: those who may call it may not delete lines themselves, nor young ones by it.
create function purge_audit(days integer, most integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $purge$
declare
  purged integer;
begin
  perform set_config('claqueta.purge', 'on', true);
  delete from audit where id in (
    select id from audit where at < clock_timestamp() - make_interval(days => greatest(days, 30))
    order by at limit most for update skip locked
  );
  get diagnostics purged = row_count;
  perform set_config('claqueta.purge', 'off', true);
  return purged;
end $purge$;
`;
