import type { Context } from 'koa';
import { z } from 'zod';
import type { Db } from '../../shared/db/connect.ts';
import type { Log } from '../../shared/log.ts';
import type { Storage } from '../../shared/storage/storage.ts';
import { readTask, tasksSince } from '../../shared/task/read.ts';
import type { Tokens } from '../auth/tokens.ts';
import { ApiError, notFound, problemSchema } from '../errors.ts';
import { route, type Route } from '../route.ts';
import { taskParams } from '../tasks/schema.ts';
import type { Changes } from './changes.ts';
import { openStream, resumedAt, type EventStream } from './stream.ts';
import { watchList, watchTask } from './watch-task.ts';

/** Streams of one owner at one instance: some windows on some machines. */
const MOST_OF_OWNER = 50;
/** Tasks told of when a client comes again; what it missed beyond that, it reads from the list. */
const MOST_MISSED = 200;

/** Longer than it takes to notice that the connection that listens is gone. */
const GAP_MS = 60_000;

const headers = z.looseObject({
  'last-event-id': z.string().max(64).optional().describe('Where the client left off, as browsers send it.'),
});
const answers = {
  200: { description: 'Events, until the client leaves or the token expires.', mediaType: 'text/event-stream' },
  429: { description: 'Too many streams are open for this account.', schema: problemSchema },
};

export interface EventParts {
  db: Db;
  storage: Storage;
  tokens: Tokens;
  changes: Changes;
  mediaSecret: string;
  /** Of an hour of processor time, in USD. */
  price: number;
  publicUrl: string | undefined;
  /** Ends all streams when it aborts: web stops. */
  stopping: AbortSignal;
}

/** Live changes of tasks. Any instance tells of all of them, whoever made the change. */
export function eventRoutes({
  db,
  storage,
  mediaSecret,
  price,
  tokens,
  changes,
  publicUrl,
  stopping,
}: EventParts): Route[] {
  const open = new Map<string, Set<EventStream>>();
  stopping.addEventListener('abort', () => {
    for (const streams of open.values()) for (const stream of streams) stream.end();
  });

  /** Begins a stream; `watch` answers how to stop. */
  function begin(ctx: Context, owner: string, watch: (stream: EventStream) => () => void): void {
    const streams = open.get(owner) ?? new Set();
    if (streams.size >= MOST_OF_OWNER) {
      throw new ApiError(429, 'too_many_streams', `At most ${MOST_OF_OWNER} streams are open at once. Close one.`, {
        headers: { 'Retry-After': '10' },
      });
    }
    const authorization = ctx.get('authorization');
    let stop = () => {};
    const stream = openStream(
      ctx,
      () => tokens.authenticate(authorization),
      () => {
        stop();
        streams.delete(stream);
        if (streams.size === 0) open.delete(owner);
      },
    );
    open.set(owner, streams.add(stream));
    stop = watch(stream);
  }

  return [
    route(
      {
        method: 'get',
        path: '/events',
        summary: 'Follow all your tasks',
        tag: 'events',
        owner: true,
        headers,
        answers,
      },
      ({ ctx, headers, user }) => {
        // The first look is for what was missed; later ones, after a gap, for what changed since then.
        let since = resumedAt(headers['last-event-id'] ?? '', new Date());
        const missed = () => {
          const asked = since;
          since = new Date(Date.now() - GAP_MS);
          return tasksSince(db, user.id, asked, MOST_MISSED);
        };
        begin(ctx, user.id, (stream) => watchList(changes, user.id, stream, { missed, log: ctx.state.log as Log }));
        return Promise.resolve({ status: 200 });
      },
    ),
    route(
      {
        method: 'get',
        path: '/tasks/{id}/events',
        summary: 'Follow a task',
        tag: 'events',
        owner: true,
        params: taskParams,
        headers,
        answers: { ...answers, 404: { description: 'Unknown, or not yours.', schema: problemSchema } },
      },
      async ({ ctx, params, user }) => {
        if (!(await readTask(db, params.id, user.id))) throw notFound();
        const viewing = {
          storage,
          mediaSecret,
          price,
          origin: publicUrl ?? `${ctx.protocol}://${ctx.host}`,
          log: ctx.state.log as Log,
        };
        begin(ctx, user.id, (stream) => watchTask(changes, user.id, params.id, stream, viewing));
        return { status: 200 };
      },
    ),
  ];
}
