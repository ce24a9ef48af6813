import { effect, signal, type Signal } from '@preact/signals';
import { Unreachable } from '../api/refusal.ts';
import { session } from '../session/session.ts';
import { showNew } from '../tasks/store.ts';
import { fingerprint } from './remembered.ts';
import { sendFile } from './send-file.ts';
import { speedometer } from './speed.ts';

export type UploadState = 'queued' | 'sending' | 'paused' | 'waiting' | 'making' | 'failed';

/** A file on its way. */
export interface FileUpload {
  id: string;
  file: File;
  profile: string;
  state: Signal<UploadState>;
  sent: Signal<number>;
  /** Bytes a second. */
  speed: Signal<number | null>;
  error: Signal<unknown>;
  stop: AbortController;
}

const AT_ONCE = 2;
const LONGEST_WAIT_MS = 30_000;
const active: UploadState[] = ['sending', 'waiting', 'making'];

export const uploads = signal<readonly FileUpload[]>([]);

// Whoever logs out takes along what is on its way.
effect(() => {
  if (session.value) return;
  uploads.peek().forEach(({ stop }) => stop.abort());
  uploads.value = [];
});

export function addFiles(files: Iterable<File>, profile: string): void {
  const known = new Set(uploads.peek().map(({ id }) => id));
  const added = [...files].filter((file) => !known.has(fingerprint(file))).map((file) => newUpload(file, profile));
  uploads.value = [...uploads.peek(), ...added];
  startNext();
}

export function pause(upload: FileUpload): void {
  upload.state.value = 'paused';
  upload.stop.abort();
  startNext();
}

export function resume(upload: FileUpload): void {
  upload.state.value = 'queued';
  startNext();
}

export function drop(upload: FileUpload): void {
  upload.stop.abort();
  uploads.value = uploads.peek().filter((one) => one !== upload);
  startNext();
}

function newUpload(file: File, profile: string): FileUpload {
  return {
    id: fingerprint(file),
    file,
    profile,
    state: signal<UploadState>('queued'),
    sent: signal(0),
    speed: signal<number | null>(null),
    error: signal<unknown>(null),
    stop: new AbortController(),
  };
}

function startNext(): void {
  const all = uploads.peek();
  const free = AT_ONCE - all.filter(({ state }) => active.includes(state.peek())).length;
  const next = all.filter(({ state }) => state.peek() === 'queued').slice(0, Math.max(free, 0));
  for (const upload of next) void run(upload);
}

/** Sends until it is there: a cut only costs time. */
async function run(upload: FileUpload): Promise<void> {
  const { file, profile, state, sent, speed } = upload;
  upload.stop = new AbortController();
  const { signal: stopped } = upload.stop;
  state.value = 'sending';
  const meter = speedometer();
  for (let wait = 1_000; !stopped.aborted; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      const task = await sendFile({
        file,
        profile,
        signal: stopped,
        onSent: (bytes) => {
          if (stopped.aborted) return;
          if (bytes > sent.peek()) wait = 1_000;
          state.value = 'sending';
          sent.value = bytes;
          speed.value = meter.measure(bytes);
        },
        onMaking: () => (state.value = 'making'),
      });
      drop(upload);
      showNew(task);
      return;
    } catch (error) {
      if (stopped.aborted) return;
      if (!(error instanceof Unreachable)) {
        upload.error.value = error;
        state.value = 'failed';
        startNext();
        return;
      }
    }
    state.value = 'waiting';
    speed.value = null;
    meter.reset();
    await pauseOrOnline(wait, stopped);
  }
}

function pauseOrOnline(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    addEventListener('online', () => resolve(), { once: true, signal: stopped });
    stopped.addEventListener('abort', () => resolve(), { once: true });
  });
}
