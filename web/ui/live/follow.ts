import { Refusal } from '../api/refusal.ts';
import { pause } from '../parts/pause.ts';
import { connection, countFollower } from './connection.ts';
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

  const over = countFollower();
  start();
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    stop();
    over();
  };
}

async function keepPolling({ poll }: Following, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let isRead = false;
    try {
      await poll(signal);
      isRead = true;
      if (!signal.aborted && connection.value !== 'live') connection.value = 'polling';
    } catch (error) {
      // A refusal is an answer.
      if (!signal.aborted && connection.value !== 'live') {
        connection.value = error instanceof Refusal ? 'polling' : 'offline';
      }
    }
    // A stream tells of changes; what they change has to be read first.
    do await pause(POLL_MS, signal);
    while (!signal.aborted && connection.value === 'live' && isRead);
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
    const cut = new AbortController();
    // A stream does not notice that the network is gone: it is only silent.
    const leave = () => {
      connection.value = 'offline';
      cut.abort();
    };
    addEventListener('offline', leave);
    try {
      await readStream(path, {
        signal: AbortSignal.any([signal, cut.signal]),
        lastId: lastId(),
        onHeard: () => {
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
    } finally {
      removeEventListener('offline', leave);
    }
    if (connection.value === 'live') connection.value = 'connecting';
    await pause(wait, signal);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }
}
