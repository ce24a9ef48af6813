/** What a task keeps in storage, so that an owner's can be added up without reading every clip. */
export const storedBytes = /* sql */ `
alter table tasks add column stored_bytes bigint check (stored_bytes >= 0);

comment on column tasks.stored_bytes is
  'Source and clips; null as long as there is neither, and for tasks of before, which count by the size of their source.';
`;
