/**
 * What an owner has used, by day: it outlives the tasks, which may be removed.
 *
 * By triggers, so that the work of a failed attempt counts too, whoever writes it down.
 */
export const usage = /* sql */ `
create table usage_days (
  owner_id uuid not null references users on delete cascade,
  day date not null,
  sources integer not null default 0,
  source_bytes bigint not null default 0,
  cpu_seconds double precision not null default 0,
  primary key (owner_id, day)
);
comment on column usage_days.day is 'In UTC.';
comment on column usage_days.sources is 'Sources that were taken in, with source_bytes.';

create function note_cpu() returns trigger language plpgsql as $note$
begin
  insert into usage_days as used (owner_id, day, cpu_seconds)
  select new.owner_id, (clock_timestamp() at time zone 'UTC')::date, new.cpu_seconds - coalesce(old.cpu_seconds, 0)
  where new.cpu_seconds > coalesce(old.cpu_seconds, 0) and exists (select from users where id = new.owner_id)
  on conflict (owner_id, day) do update set cpu_seconds = used.cpu_seconds + excluded.cpu_seconds;
  return null;
end $note$;
create trigger note_cpu after update of cpu_seconds on steps for each row
  when (new.cpu_seconds is distinct from old.cpu_seconds) execute function note_cpu();

create function note_source() returns trigger language plpgsql as $note$
begin
  insert into usage_days as used (owner_id, day, sources, source_bytes)
  values (new.owner_id, (clock_timestamp() at time zone 'UTC')::date, 1, coalesce((new.media ->> 'bytes')::bigint, 0))
  on conflict (owner_id, day) do update
  set sources = used.sources + 1, source_bytes = used.source_bytes + excluded.source_bytes;
  return null;
end $note$;
create trigger note_source after update of media on tasks for each row
  when (old.media is null and new.media is not null) execute function note_source();
`;
