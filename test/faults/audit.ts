import type { Db } from '../../shared/db/connect.ts';

/**
 * What the run adds to its own database, and no other has: a history of every move that triggers write, so that no
 * statement can pass it by, and gates that hold a statement until the run lets it go.
 */
export async function installAudit(db: Db): Promise<void> {
  await db.raw(HISTORY);
  await db.raw(GATES);
}

/** The first number of the advisory locks of gates. */
export const GATE_LOCK = 7_203_117;

const HISTORY = /* sql */ `
create schema faults;
create table faults.history (
  id bigserial primary key,
  at timestamptz not null default clock_timestamp(),
  task uuid not null,
  step bigint,
  kind text,
  part integer,
  was text,
  became text,
  attempt_was integer,
  attempt integer,
  worker text,
  key text
);
create index on faults.history (step, id);
create index on faults.history (task, id);

create function faults.note_step() returns trigger language plpgsql as $note$
begin
  if tg_op = 'UPDATE' and new.state = old.state and new.attempt = old.attempt
    and new.output is not distinct from old.output then
    return null;
  end if;
  insert into faults.history (task, step, kind, part, was, became, attempt_was, attempt, worker, key)
  values (new.task_id, new.id, new.kind, new.part, case when tg_op = 'UPDATE' then old.state end, new.state,
          case when tg_op = 'UPDATE' then old.attempt end, new.attempt,
          case when tg_op = 'UPDATE' then coalesce(new.worker, old.worker) end, new.output ->> 'key');
  return null;
end $note$;
create trigger faults_note after insert or update on steps for each row execute function faults.note_step();

create function faults.note_task() returns trigger language plpgsql as $note$
begin
  if tg_op = 'DELETE' then
    insert into faults.history (task, was, became) values (old.id, old.status, 'removed');
  elsif tg_op = 'INSERT' then
    insert into faults.history (task, became, key) values (new.id, new.status, new.idempotency_key);
  elsif new.status <> old.status then
    insert into faults.history (task, was, became) values (new.id, old.status, new.status);
  end if;
  return null;
end $note$;
create trigger faults_note after insert or update of status or delete on tasks
for each row execute function faults.note_task();
`;

/**
 * A gate holds the first statement that comes to its moment; the others pass. Whom it holds is told by the name of the
 * connection, which is seen from outside before anything is committed.
 */
const GATES = /* sql */ `
create table faults.gates (id integer primary key, moment text not null, key text);

create function faults.hold(at_moment text, about text, with_key text) returns void language plpgsql as $hold$
declare gate faults.gates;
begin
  for gate in select * from faults.gates where moment = at_moment and (key is null or key = with_key) loop
    if pg_try_advisory_xact_lock(${GATE_LOCK}, gate.id * 2) then
      perform set_config('application_name', format('gate %s %s', gate.id, about), true);
      perform pg_advisory_xact_lock_shared(${GATE_LOCK}, gate.id * 2 + 1);
    end if;
  end loop;
end $hold$;

create function faults.hold_step() returns trigger language plpgsql as $hold$
begin
  if new.state <> old.state and new.state in ('leased', 'done') then
    perform faults.hold(
      case new.state when 'leased' then 'claim ' else 'finish ' end || new.kind,
      format('%s %s %s', new.id, new.attempt, substring(coalesce(new.worker, old.worker) from '-(\\d+)-[0-9a-f]{8}\\Z')),
      new.task_id::text
    );
  end if;
  return new;
end $hold$;
create trigger faults_hold before update on steps for each row execute function faults.hold_step();

create function faults.hold_task() returns trigger language plpgsql as $hold$
begin
  perform faults.hold('commit task', '0 0 0', new.idempotency_key);
  return null;
end $hold$;
create constraint trigger faults_hold after insert on tasks deferrable initially deferred
for each row execute function faults.hold_task();
`;
