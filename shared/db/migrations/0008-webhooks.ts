/**
 * Telling others that a task has ended.
 *
 * A trigger writes what is to be sent together with the end, whoever brings it about: no end goes untold, and no
 * program can forget it. The waiting row is the outbox.
 */
export const webhooks = /* sql */ `
alter table users add column callback_secret text;
comment on column users.callback_secret is 'Signs what goes to the callback_url of a task; made when first needed.';

create table webhooks (
  id uuid primary key,
  owner_id uuid not null references users on delete cascade,
  url text not null,
  events text[] not null check (cardinality(events) > 0),
  secret text not null,
  created_at timestamptz not null default clock_timestamp()
);
create index webhooks_by_owner on webhooks (owner_id, id);

create table deliveries (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references users on delete cascade,
  task_id uuid not null references tasks on delete cascade,
  webhook_id uuid references webhooks on delete cascade,
  event text not null,
  url text not null,
  body text not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given_up')),
  attempt integer not null default 0,
  tries integer not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  sending_until timestamptz,
  give_up_at timestamptz not null default clock_timestamp() + interval '24 hours',
  created_at timestamptz not null default clock_timestamp()
);
create index deliveries_waiting on deliveries (owner_id, due_at) where state = 'waiting';
create index deliveries_sending on deliveries (owner_id) where sending_until is not null;
create index deliveries_by_task on deliveries (task_id, created_at);
create index deliveries_by_webhook on deliveries (webhook_id, created_at) where webhook_id is not null;

comment on column deliveries.webhook_id is 'Null where the task named the address itself.';
comment on column deliveries.attempt is 'Sent so often. Every later write names it, so a late writer changes nothing.';
comment on column deliveries.tries is 'The same since it was last asked for; the wait for the next grows with it.';
comment on column deliveries.sending_until is 'The lease of the process that sends it.';

create table delivery_attempts (
  delivery_id uuid not null references deliveries on delete cascade,
  attempt integer not null,
  at timestamptz not null default clock_timestamp(),
  status integer,
  ms integer,
  error text,
  primary key (delivery_id, attempt)
);
comment on table delivery_attempts is 'Written when it begins: one without ms was never heard of again.';

create function deliver_task_end() returns trigger language plpgsql as $deliver$
begin
  insert into deliveries (id, owner_id, task_id, webhook_id, event, url, body)
  select receiver.id, new.owner_id, new.id, receiver.webhook_id, 'task.' || new.status, receiver.url,
         json_build_object(
           'delivery_id', receiver.id, 'event', 'task.' || new.status,
           'task', json_build_object(
             'task_id', new.id, 'status', new.status, 'external_id', new.external_id,
             'profile', new.profile ->> 'name', 'error', new.error, 'created_at', new.created_at,
             'started_at', new.started_at, 'finished_at', new.finished_at)
         )::text
  from (
    select gen_random_uuid() as id, null::uuid as webhook_id, new.callback_url as url
    where new.callback_url is not null
    union all
    select gen_random_uuid(), webhooks.id, webhooks.url from webhooks
    where webhooks.owner_id = new.owner_id and 'task.' || new.status = any (webhooks.events)
  ) as receiver;
  return null;
end $deliver$;
create trigger deliver_task_end after update of status on tasks for each row
  when (old.status <> new.status and new.status in ('succeeded', 'failed', 'cancelled'))
  execute function deliver_task_end();
`;
