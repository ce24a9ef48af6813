/** Profiles that owners keep for themselves. A task has its own copy, so that a change does not reach it. */
export const ownProfiles = /* sql */ `
create table profiles (
  owner_id uuid not null references users on delete cascade,
  name text not null,
  profile jsonb not null,
  primary key (owner_id, name)
);
`;
