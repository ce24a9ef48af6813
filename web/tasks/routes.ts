import { z } from 'zod';
import { announceLater } from '../../shared/task/announce.ts';
import { cancelTask } from '../../shared/task/cancel.ts';
import { listTasks } from '../../shared/task/list.ts';
import { removeTask } from '../../shared/task/removals.ts';
import { retryTask } from '../../shared/task/retry.ts';
import { notFound, ApiError, problemSchema } from '../errors.ts';
import { originOf } from '../origin.ts';
import { route, type Route } from '../route.ts';
import { decodeCursor, nextLink } from './cursor.ts';
import { deleteQuery, listQuery, taskParams, taskSchema, taskSummary } from './schema.ts';
import { submitRoutes } from './submit-routes.ts';
import { taskViews } from './task-views.ts';
import type { Submitting } from './write-task.ts';
import { viewSummary, type Viewing } from './view.ts';

const gone = { description: 'Unknown, or not yours.', schema: problemSchema };
const theTask = { description: 'The task.', schema: taskSchema };

/**
 * Submit, list, read, abort or remove, retry.
 *
 * @param publicUrl the address that clients reach us at, when it is not the one they ask
 */
export function taskRoutes(
  parts: Submitting & Pick<Viewing, 'mediaSecret' | 'price'>,
  publicUrl: string | undefined,
): Route[] {
  const { db } = parts;
  const view = taskViews(parts, publicUrl);

  return [
    ...submitRoutes(parts, view),
    route(
      {
        method: 'get',
        path: '/tasks',
        summary: 'List your tasks',
        tag: 'tasks',
        owner: true,
        query: listQuery,
        answers: {
          200: {
            description: 'A page of tasks.',
            schema: z.array(taskSummary),
            headers: { Link: 'rel="next": the next page, when there is one.' },
          },
        },
      },
      async ({ query, user }) => {
        const page = await listTasks(db, {
          owner: user.id,
          max: query.max,
          newestFirst: query.order === '1',
          status: query.status ?? null,
          after: decodeCursor(query.cursor),
        });
        const last = page.more ? page.tasks.at(-1) : undefined;
        return {
          status: 200,
          body: page.tasks.map(viewSummary),
          headers: last ? { Link: nextLink(query, last.id) } : undefined,
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/tasks/{id}',
        summary: 'Read a task',
        tag: 'tasks',
        owner: true,
        params: taskParams,
        answers: { 200: theTask, 404: gone },
      },
      async ({ ctx, params, user }) => ({ status: 200, body: await view(params.id, user.id, ctx) }),
    ),
    route(
      {
        method: 'delete',
        path: '/tasks/{id}',
        summary: 'Abort an unfinished task, or remove a finished one with its clips',
        tag: 'tasks',
        owner: true,
        params: taskParams,
        query: deleteQuery,
        answers: {
          200: { description: 'Aborted; its FFmpegs are gone within two seconds.', schema: taskSchema },
          204: { description: 'Removed.' },
          404: gone,
          409: { description: 'It has ended, and was to be aborted only.', schema: problemSchema },
        },
      },
      async ({ ctx, params, query, user, requestId }) => {
        const from = originOf({ ctx, requestId });
        if (await cancelTask(db, params.id, user.id, from)) {
          return { status: 200, body: await view(params.id, user.id, ctx) };
        }
        if (query.if === 'unfinished') {
          const { status } = await view(params.id, user.id, ctx);
          throw new ApiError(409, 'already_final', `The task is ${status} already; nothing was changed.`);
        }
        if (await removeTask(parts, params.id, user.id, from)) return { status: 204 };
        throw notFound();
      },
    ),
    route(
      {
        method: 'post',
        path: '/tasks/{id}/retry',
        summary: 'Do again what failed or was aborted',
        tag: 'tasks',
        owner: true,
        params: taskParams,
        answers: {
          200: theTask,
          404: gone,
          409: { description: 'There is nothing to retry.', schema: problemSchema },
          413: { description: 'There is no room for more clips in what you may keep.', schema: problemSchema },
        },
      },
      async ({ ctx, params, user, requestId, trace }) => {
        const from = originOf({ ctx, requestId });
        const retry = () => retryTask(db, params.id, user.id, parts.quota, from);
        const steps = await parts.turns.take(user.id, retry);
        if (steps !== null) announceLater(parts, { task: params.id, steps, trace });
        // Another's task is unknown, not "nothing to retry".
        const task = await view(params.id, user.id, ctx);
        if (steps === null) throw new ApiError(409, 'not_retryable', 'Only a failed or cancelled task can be retried.');
        return { status: 200, body: task };
      },
    ),
  ];
}
