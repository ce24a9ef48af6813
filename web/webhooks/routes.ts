import { z } from 'zod';
import type { Db } from '../../shared/db/connect.ts';
import { readTask } from '../../shared/task/read.ts';
import { ApiError, notFound, problemSchema } from '../errors.ts';
import { route, type Route } from '../route.ts';
import { taskParams } from '../tasks/schema.ts';
import { checkReceiver } from './check-receiver.ts';
import { readDeliveries, replayDelivery } from './delivery-log.ts';
import {
  addWebhook,
  changeOwnSecret,
  listWebhooks,
  MOST_WEBHOOKS,
  ownSecret,
  removeWebhook,
  type Webhook,
} from './endpoints.ts';
import { deliverySchema, newWebhookBody, newWebhookSchema, secretSchema, webhookSchema } from './schema.ts';

const gone = { description: 'Unknown, or not yours.', schema: problemSchema };
const log = { description: 'The newest 100, with every attempt.', schema: z.array(deliverySchema) };
const webhookParams = z.object({ webhook_id: z.uuid() });
const deliveryParams = z.object({ delivery_id: z.uuid() });
const shared = { tag: 'webhooks', owner: true } as const;

/** @param allow `host:port` pairs that may be named although private */
export function webhookRoutes(db: Db, allow: readonly string[]): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/webhooks',
        summary: 'Be told of the end of every task',
        ...shared,
        body: newWebhookBody,
        answers: {
          201: { description: 'The endpoint, with its secret.', schema: newWebhookSchema },
          409: { description: `There are ${MOST_WEBHOOKS} already.`, schema: problemSchema },
        },
      },
      async ({ body, user }) => {
        checkReceiver(body.url, allow);
        const made = await addWebhook(db, user.id, { url: body.url, events: [...new Set(body.events)] });
        if (made) return { status: 201, body: { ...view(made), secret: made.secret } };
        throw new ApiError(409, 'too_many_webhooks', `You have ${MOST_WEBHOOKS} endpoints, the most there may be.`);
      },
    ),
    route(
      {
        method: 'get',
        path: '/webhooks',
        summary: 'List your endpoints',
        ...shared,
        answers: { 200: { description: 'Endpoints, without their secrets.', schema: z.array(webhookSchema) } },
      },
      async ({ user }) => ({ status: 200, body: (await listWebhooks(db, user.id)).map(view) }),
    ),
    route(
      {
        method: 'get',
        path: '/webhooks/secret',
        summary: 'Read what signs the deliveries to a `callback_url`',
        ...shared,
        answers: { 200: { description: 'Your secret.', schema: secretSchema } },
      },
      async ({ user }) => ({ status: 200, body: { secret: await ownSecret(db, user.id) } }),
    ),
    route(
      {
        method: 'post',
        path: '/webhooks/secret',
        summary: 'Change what signs the deliveries to a `callback_url`',
        ...shared,
        answers: {
          200: { description: 'Your new secret; the one of before signs nothing more.', schema: secretSchema },
        },
      },
      async ({ user }) => ({ status: 200, body: { secret: await changeOwnSecret(db, user.id) } }),
    ),
    route(
      {
        method: 'delete',
        path: '/webhooks/{webhook_id}',
        summary: 'Remove an endpoint with its deliveries',
        ...shared,
        params: webhookParams,
        answers: { 204: { description: 'Removed.' }, 404: gone },
      },
      async ({ params, user }) => {
        if (await removeWebhook(db, params.webhook_id, user.id)) return { status: 204 };
        throw notFound();
      },
    ),
    route(
      {
        method: 'get',
        path: '/webhooks/{webhook_id}/deliveries',
        summary: 'Read what was sent to an endpoint',
        ...shared,
        params: webhookParams,
        answers: { 200: log, 404: gone },
      },
      async ({ params, user }) => {
        const webhooks = await listWebhooks(db, user.id);
        if (!webhooks.some(({ id }) => id === params.webhook_id)) throw notFound();
        return { status: 200, body: await readDeliveries(db, user.id, { webhook: params.webhook_id }) };
      },
    ),
    route(
      {
        method: 'get',
        path: '/tasks/{id}/deliveries',
        summary: 'Read what was sent about a task',
        ...shared,
        params: taskParams,
        answers: { 200: log, 404: gone },
      },
      async ({ params, user }) => {
        if (!(await readTask(db, params.id, user.id))) throw notFound();
        return { status: 200, body: await readDeliveries(db, user.id, { task: params.id }) };
      },
    ),
    route(
      {
        method: 'post',
        path: '/deliveries/{delivery_id}/replay',
        summary: 'Send a delivery again',
        ...shared,
        params: deliveryParams,
        answers: {
          200: { description: 'The delivery; it is sent at once.', schema: deliverySchema },
          404: gone,
          409: { description: 'It is being sent right now.', schema: problemSchema },
        },
      },
      async ({ params, user }) => {
        const replayed = await replayDelivery(db, params.delivery_id, user.id);
        if (replayed === null) throw notFound();
        if (!replayed)
          throw new ApiError(409, 'not_replayable', 'It is being sent right now. Look what becomes of that.');
        const [delivery] = await readDeliveries(db, user.id, { id: params.delivery_id });
        if (!delivery) throw notFound();
        return { status: 200, body: delivery };
      },
    ),
  ];
}

function view({ id, url, events, created_at }: Webhook): z.input<typeof webhookSchema> {
  return { webhook_id: id, url, events, created_at: created_at.toISOString() };
}
