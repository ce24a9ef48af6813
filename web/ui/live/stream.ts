import { Refusal, Unreachable } from '../api/refusal.ts';
import { accessToken } from '../session/session.ts';
import { eventParser, type ServerEvent } from './events.ts';

/** Heartbeats come every 15 s; a stream that is silent for longer is dead. */
const SILENCE_MS = 40_000;

interface Reading {
  lastId: string;
  /** At each sign of life. Headers are none: something between may hold back what follows them. */
  onHeard: () => void;
  onEvent: (event: ServerEvent) => void;
  signal: AbortSignal;
}

/**
 * Reads a stream of events until it ends, by fetch: EventSource could only send its token in the address.
 *
 * @throws Refusal, Unreachable
 */
export async function readStream(path: string, { lastId, onHeard, onEvent, signal }: Reading): Promise<void> {
  const silence = new AbortController();
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  heard();
  try {
    const response = await open(path, lastId, AbortSignal.any([signal, silence.signal]));
    const parse = eventParser();
    const reader = response.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      onHeard();
      parse(value).forEach(onEvent);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Unreachable(String(error));
  } finally {
    clearTimeout(watchdog);
  }
}

async function open(path: string, lastId: string, signal: AbortSignal): Promise<ReadableStream<BufferSource>> {
  let token = await accessToken();
  for (let tries = 0; ; tries++) {
    const headers = { Accept: 'text/event-stream', Authorization: `Bearer ${token}` };
    const response = await fetch(path, { signal, headers: lastId ? { ...headers, 'Last-Event-ID': lastId } : headers });
    if (response.ok && response.body && /event-stream/.test(response.headers.get('content-type') ?? '')) {
      return response.body;
    }
    await response.body?.cancel();
    if (response.status !== 401 || tries > 0) throw new Refusal(response.status, {});
    token = await accessToken(token);
  }
}
