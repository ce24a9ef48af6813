import type { z } from 'zod';
import type { User } from '../auth/tokens.ts';
import { problemSchema } from '../errors.ts';
import { originOf } from '../origin.ts';
import { route, type Request, type Route } from '../route.ts';
import { replayTask } from './replay.ts';
import {
  newTaskBody,
  newTaskHeaders,
  newTaskQuery,
  newUploadForm,
  replayBody,
  taskParams,
  taskSchema,
} from './schema.ts';
import { submitForm } from './submit-form.ts';
import { submitJson } from './submit.ts';
import type { TaskViews } from './task-views.ts';
import type { Submitter, Submitting } from './write-task.ts';

const theTask = { description: 'The task.', schema: taskSchema };

/** What every request for a new task comes with. */
type Asked = Pick<Request, 'ctx' | 'requestId' | 'trace'> & {
  query: z.infer<typeof newTaskQuery>;
  headers: z.infer<typeof newTaskHeaders>;
  user: User;
};

/** What makes a new task: of an address, of a file, of another task's video. */
export function submitRoutes(parts: Submitting, view: TaskViews): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/tasks',
        summary: 'Submit a video',
        tag: 'tasks',
        owner: true,
        query: newTaskQuery,
        headers: newTaskHeaders,
        body: newTaskBody,
        multipart: newUploadForm,
        answers: {
          201: { ...theTask, headers: { Location: 'Address of the task.' } },
          404: { description: 'There is no such upload, or it is not yours.', schema: problemSchema },
          409: {
            description:
              "The file of the upload is not there yet, or is a task already; or the key's task was just removed.",
            schema: problemSchema,
          },
          413: { description: 'The file is too large, or does not fit into what you may keep.', schema: problemSchema },
          422: { description: 'The Idempotency-Key came before with another request.', schema: problemSchema },
        },
      },
      async ({ ctx, body, query, headers, user, requestId, trace }) => {
        const by = submitter({ ctx, query, headers, user, requestId, trace });
        const id = body ? await submitJson(parts, by, body) : await submitForm(parts, by, ctx.req);
        return { status: 201, body: await view(id, user.id, ctx), headers: { Location: `/tasks/${id}` } };
      },
    ),
    route(
      {
        method: 'post',
        path: '/tasks/{id}/replay',
        summary: 'Make a new task of the video of one that has ended',
        tag: 'tasks',
        owner: true,
        params: taskParams,
        query: newTaskQuery,
        headers: newTaskHeaders,
        body: replayBody,
        answers: {
          201: { ...theTask, headers: { Location: 'Address of the new task.' } },
          404: { description: 'Unknown, or not yours.', schema: problemSchema },
          409: { description: 'The task has not ended, or its video was never stored.', schema: problemSchema },
          413: { description: 'The video does not fit into what you may keep.', schema: problemSchema },
          422: { description: 'The Idempotency-Key came before with another request.', schema: problemSchema },
        },
      },
      async (asked) => {
        const { ctx, body, params, user } = asked;
        const id = await replayTask(parts, submitter(asked), params.id, body);
        return { status: 201, body: await view(id, user.id, ctx), headers: { Location: `/tasks/${id}` } };
      },
    ),
  ];
}

function submitter({ ctx, query, headers, user, requestId, trace }: Asked): Submitter {
  const idempotencyKey = headers['idempotency-key'] ?? null;
  const dryRun = query.dry_run === '1';
  return { owner: user.id, ...originOf({ ctx, requestId }), trace, idempotencyKey, dryRun };
}
