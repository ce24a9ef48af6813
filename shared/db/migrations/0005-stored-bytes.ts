/** What a task keeps in storage, so that an owner's can be added up without reading every clip. */
export const storedBytes = /* sql */ `
-- Uploads of before were kept for eight days.
alter table uploads add column kept_until timestamptz not null default clock_timestamp() + interval '8 days';

alter table tasks add column stored_bytes bigint check (stored_bytes >= 0);

comment on column uploads.kept_until is 'When its file is removed, if it is no task by then.';
comment on column tasks.stored_bytes is
  'Source and clips; null as long as there is neither, and for tasks of before, which count by the size of their source.';
`;
