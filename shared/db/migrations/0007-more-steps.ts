/** A kind of step for a source's sound, and what each step cost. */
export const moreSteps = /* sql */ `
-- Not valid, so that no row is read under the lock: what the old one let in the new one lets in.
alter table steps add constraint steps_kind check (kind in ('ingest', 'clip', 'sound', 'finish')) not valid;
alter table steps drop constraint steps_kind_check;

alter table steps add column cpu_seconds double precision check (cpu_seconds >= 0);

comment on column steps.cpu_seconds is
  'Of the FFmpegs that ran to their end, over all attempts; null where none did. Those killed, and ffprobe, are not in it.';
`;
