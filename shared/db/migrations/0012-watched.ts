/**
 * Telling only those who watch.
 *
 * A commit that notifies holds a lock of the whole server until it is on the disk
 * (https://www.postgresql.org/docs/current/sql-notify.html: notifications come in the order of commits), so that workers
 * that finish their steps at once would queue behind each other. Web writes down whose changes somebody follows; of all
 * others nothing is told. A delivery that has come to be is told of by itself, whoever watches.
 */
export const watched = /* sql */ `
create unlogged table watched (
  owner_id uuid primary key references users on delete cascade,
  until timestamptz not null
);
comment on table watched is 'Whose tasks are followed, written anew as long as they are. A crash empties it.';

create or replace function tell_steps_changed() returns trigger language plpgsql as $tell$
begin
  perform pg_notify('claqueta_changes', owner_id || ' ' || task_id)
  from (select distinct owner_id, task_id from changed) as changed_tasks
  where exists (select from watched where watched.owner_id = changed_tasks.owner_id and until > clock_timestamp());
  return null;
end $tell$;

create or replace function tell_tasks_changed() returns trigger language plpgsql as $tell$
begin
  perform pg_notify('claqueta_changes', owner_id || ' ' || id) from changed
  where exists (select from watched where watched.owner_id = changed.owner_id and until > clock_timestamp());
  return null;
end $tell$;

create function tell_delivery_made() returns trigger language plpgsql as $tell$
begin
  perform pg_notify('claqueta_changes', owner_id || ' ' || task_id) from made;
  return null;
end $tell$;
create trigger tell_delivery_made after insert on deliveries
  referencing new table as made for each statement execute function tell_delivery_made();
`;
