/** Tasks of which only the source is looked at, and what it says of the rest. */
export const dryRuns = /* sql */ `
alter table tasks add column dry_run boolean not null default false;
alter table tasks add column plan jsonb;

comment on column tasks.plan is 'Of a dry run: what the task would come to.';
`;
