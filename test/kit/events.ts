import { undo, type Cleanup } from './undo.ts';
import { until } from './until.ts';

export interface ServerEvent {
  event: string;
  id: string;
  data: Record<string, unknown>;
  /** When it came, ms on the clock of `performance`. */
  at: number;
}

export interface Following {
  status: number;
  events: ServerEvent[];
  /** Comments, such as heartbeats. */
  comments: number;
  ended: boolean;
  /** Waits for an event, one that came already counts. */
  next(met: (event: ServerEvent) => boolean, what: string, timeout?: number): Promise<ServerEvent>;
  close(): void;
}

/** Follows a stream of server-sent events until the test, or the program, ends. */
export async function follow(
  t: Cleanup,
  url: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<Following> {
  const stop = new AbortController();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers }, signal: stop.signal });
  const following: Following = {
    ...{ status: answer.status, events: [], comments: 0, ended: false },
    next: (met, what, timeout = 10_000) => until(() => following.events.find(met), { what, timeout }),
    close: () => stop.abort(),
  };
  const reading = read(answer, following).catch(() => undefined);
  undo(t, async () => {
    stop.abort();
    await reading;
  });
  return following;
}

async function read(answer: Response, following: Following): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const bytes of answer.body as unknown as AsyncIterable<Uint8Array>) {
      const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) take(block, following);
    }
  } finally {
    following.ended = true;
  }
}

function take(block: string, following: Following): void {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => [...line.split(/: ?(.*)/s, 2)] as [string, string]),
  );
  if (block.startsWith(':')) following.comments++;
  if (!fields.event) return;
  const data = JSON.parse(fields.data ?? '{}') as Record<string, unknown>;
  following.events.push({ event: fields.event, id: fields.id ?? '', data, at: performance.now() });
}
