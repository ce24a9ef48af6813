import type { Socket } from 'node:net';
import type pg from 'pg';

/** What pg says when no answer came in time; knex puts the statement before it. */
const NO_ANSWER = /\bQuery read timeout$/;

/** Whether a statement got no answer: nobody knows whether it came to pass. */
export function isSilence(error: unknown): boolean {
  return error instanceof Error && NO_ANSWER.test(error.message);
}

type Answered = (error: unknown, result: unknown) => void;

/**
 * Closes a connection that a statement got no answer on. pg leaves it open, and in a pool the next statement would wait
 * on the same deaf connection, and the next.
 */
export function closeWhenSilent(client: pg.Client): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const closing = (...given: unknown[]) => {
    const answered = given.at(-1);
    if (typeof answered !== 'function') return query(...given);
    return query(...given.slice(0, -1), (error: unknown, result: unknown) => {
      if (isSilence(error)) streamOf(client).destroy();
      (answered as Answered)(error, result);
    });
  };
  client.query = closing as typeof client.query;
}

/** Whether it was closed and has only not said so yet. */
export function isClosed(client: pg.Client): boolean {
  return streamOf(client).destroyed;
}

function streamOf(client: pg.Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}
