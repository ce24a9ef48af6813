import { z } from 'zod';

/** What the webhook routes take and answer. */
export const webhookEvents = ['task.succeeded', 'task.failed', 'task.cancelled'] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

export const newWebhookBody = z
  .strictObject({
    url: z.string().max(2048).describe('Public http or https address that takes a POST.'),
    events: z
      .array(z.enum(webhookEvents))
      .min(1)
      .max(webhookEvents.length)
      .default([...webhookEvents])
      .describe('What to tell of.'),
  })
  .meta({ id: 'NewWebhook' });

export const webhookSchema = z
  .object({
    webhook_id: z.uuid(),
    url: z.string(),
    events: z.array(z.enum(webhookEvents)),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' });

export const newWebhookSchema = webhookSchema
  .extend({ secret: z.string().describe('Signs what is sent there. Shown this once.') })
  .meta({ id: 'WebhookWithSecret' });

export const secretSchema = z
  .object({ secret: z.string().describe('Signs what is sent to the `callback_url` of your tasks.') })
  .meta({ id: 'CallbackSecret' });

export const deliverySchema = z
  .object({
    delivery_id: z.uuid().describe('The same in every attempt: by it a receiver knows what it has had already.'),
    event: z.enum(webhookEvents),
    task_id: z.uuid(),
    webhook_id: z.uuid().nullable().describe('null for the `callback_url` of the task.'),
    url: z.string(),
    state: z.enum(['waiting', 'delivered', 'given_up']),
    next_at: z.iso.datetime().nullable().describe('When it is sent next.'),
    created_at: z.iso.datetime(),
    attempts: z.array(
      z.object({
        attempt: z.int(),
        at: z.iso.datetime(),
        status: z.int().nullable(),
        ms: z
          .int()
          .nullable()
          .describe('null while it is under way, and where the sender was lost in the midst of it.'),
        error: z
          .enum(['refused', 'unreachable', 'too_slow', 'redirected', 'answered', 'gone', 'stopped'])
          .nullable()
          .describe('Why it did not count.'),
      }),
    ),
  })
  .meta({ id: 'Delivery' });
