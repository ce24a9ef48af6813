/**
 * Telling whoever watches that a task changed, and which workers there are.
 *
 * One notification a task and statement, whatever the number of its rows; Postgres drops repetitions within a
 * transaction. It says only which task of whose: what it has become is read by those who watch it.
 */
export const changesAndWorkers = /* sql */ `
create function tell_steps_changed() returns trigger language plpgsql as $tell$
begin
  perform pg_notify('claqueta_changes', owner_id || ' ' || task_id)
  from (select distinct owner_id, task_id from changed) as changed_tasks;
  return null;
end $tell$;

create function tell_tasks_changed() returns trigger language plpgsql as $tell$
begin
  perform pg_notify('claqueta_changes', owner_id || ' ' || id) from changed;
  return null;
end $tell$;

create trigger tell_steps_made after insert on steps
  referencing new table as changed for each statement execute function tell_steps_changed();
create trigger tell_steps_changed after update on steps
  referencing new table as changed for each statement execute function tell_steps_changed();
create trigger tell_tasks_changed after update on tasks
  referencing new table as changed for each statement execute function tell_tasks_changed();
create trigger tell_tasks_removed after delete on tasks
  referencing old table as changed for each statement execute function tell_tasks_changed();

create table workers (
  name text primary key,
  slots integer not null check (slots > 0),
  clips integer not null default 0,
  source_seconds double precision not null default 0,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
);

comment on table workers is 'For operators to see. What decides is the lease.';
comment on column workers.clips is 'Made in the last ten minutes, of source_seconds seconds of source.';
`;
