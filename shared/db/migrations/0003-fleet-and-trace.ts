/** Pausing all workers, and the trace that ties a task's steps to the request that made it. */
export const fleetAndTrace = /* sql */ `
create table fleet (
  singleton boolean primary key default true check (singleton),
  paused_at timestamptz,
  paused_by text,
  check ((paused_at is null) = (paused_by is null))
);
insert into fleet default values;

alter table tasks add column trace text;
`;
