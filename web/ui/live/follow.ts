import { Refusal } from '../api/refusal.ts';
import { connection } from './connection.ts';
import type { ServerEvent } from './events.ts';
import { readStream } from './stream.ts';

/** Between two looks, where there is no stream. */
const POLL_MS = 5_000;
/** A stream that broke is opened again after 1 s, then 2, 4 and so on. */
const LONGEST_WAIT_MS = 30_000;
/** Browsers open six connections to a server: windows that nobody sees leave theirs to the others. */
const HIDDEN_MS = 10_000;

interface Following {
  path: string;
  onEvent: (event: ServerEvent) => void;
  /** Reads everything once: before the stream is there, and every 5 s while it is not. */
  poll: (signal: AbortSignal) => Promise<void>;
}

/** Keeps a view up to date: by a stream of events, and where there is none by asking again. Answers how to stop. */
export function follow(following: Following): () => void {
  let running: AbortController | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  let lastId = '';

  function start(): void {
    clearTimeout(hiding);
    if (running) return;
    running = new AbortController();
    const { signal } = running;
    void keepPolling(following, signal);
    void keepStreaming({ ...following, signal, lastId: () => lastId, seen: (id) => (lastId = id || lastId) });
  }
  function stop(): void {
    clearTimeout(hiding);
    running?.abort();
    running = undefined;
  }
  function onVisibility(): void {
    if (document.hidden) hiding = setTimeout(stop, HIDDEN_MS);
    else start();
  }

  connection.value = 'connecting';
  start();
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    stop();
  };
}

async function keepPolling({ poll }: Following, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await poll(signal);
      if (!signal.aborted && connection.value !== 'live') connection.value = 'polling';
    } catch (error) {
      // A refusal is an answer.
      if (!signal.aborted && connection.value !== 'live') {
        connection.value = error instanceof Refusal ? 'polling' : 'offline';
      }
    }
    do await pause(POLL_MS, signal);
    while (!signal.aborted && connection.value === 'live');
  }
}

interface Streaming extends Following {
  signal: AbortSignal;
  lastId: () => string;
  seen: (id: string) => void;
}

async function keepStreaming({ path, onEvent, signal, lastId, seen }: Streaming): Promise<void> {
  let wait = 1_000;
  while (!signal.aborted) {
    try {
      await readStream(path, {
        signal,
        lastId: lastId(),
        onOpen: () => {
          connection.value = 'live';
          wait = 1_000;
        },
        onEvent: (event) => {
          seen(event.id);
          onEvent(event);
        },
      });
      // Ended in order: the token ran out, or the service is being replaced. Again at once, by another.
    } catch {
      if (signal.aborted) return;
    }
    if (connection.value === 'live') connection.value = 'connecting';
    await pause(wait, signal);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      removeEventListener('offline', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    // The network is back, or gone: no need to wait any longer to find out.
    addEventListener('online', done);
    addEventListener('offline', done);
    signal.addEventListener('abort', done);
  });
}
