/** The same deliveries of a task's end, with what was left out or assumed: the warnings of its source. */
export const warningsTold = /* sql */ `
create or replace function deliver_task_end() returns trigger language plpgsql as $deliver$
begin
  with endpoints as materialized (
    select id, url from webhooks
    where owner_id = new.owner_id and 'task.' || new.status = any (events) and not new.dry_run
    order by id for key share
  ),
  receivers as materialized (
    select gen_random_uuid() as id, null::uuid as webhook_id, new.callback_url as url where new.callback_url is not null
    union all
    select gen_random_uuid(), endpoints.id, endpoints.url from endpoints
  )
  insert into deliveries (id, owner_id, task_id, webhook_id, event, url, body)
  select receivers.id, new.owner_id, new.id, receivers.webhook_id, 'task.' || new.status, receivers.url,
         json_build_object(
           'delivery_id', receivers.id, 'event', 'task.' || new.status,
           'task', json_build_object(
             'task_id', new.id, 'status', new.status, 'external_id', new.external_id,
             'profile', new.profile ->> 'name', 'dry_run', new.dry_run, 'error', new.error,
             'warnings', coalesce(new.media -> 'warnings', '[]'), 'created_at', new.created_at,
             'started_at', new.started_at, 'finished_at', new.finished_at)
         )::text
  from receivers;
  return null;
end $deliver$;
`;
