/** Uploads that clients were given an address for and that are not a task yet. */
export const uploads = /* sql */ `
create table uploads (
  id uuid primary key,
  owner_id uuid not null references users on delete cascade,
  name text not null,
  bytes bigint not null check (bytes > 0),
  created_at timestamptz not null default clock_timestamp()
);
create index uploads_by_owner on uploads (owner_id, created_at);

comment on column uploads.id is 'Of the task to be.';
`;
