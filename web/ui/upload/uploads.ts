import { computed, effect, signal, type Signal } from '@preact/signals';
import { Unreachable, Unreadable } from '../api/refusal.ts';
import { pause as wait } from '../parts/pause.ts';
import { session } from '../session/session.ts';
import { showNew } from '../tasks/store.ts';
import { giveUp } from './give-up.ts';
import { fingerprint } from './local-file.ts';
import { SentElsewhere } from './one-window.ts';
import { findBegun } from './remembered.ts';
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
  /** Why it failed, or waits. */
  error: Signal<unknown>;
  stop: AbortController;
  /** One try after the other: the next begins when the one before is over. */
  trying: Promise<void>;
  /** How long it waits after the next try that fails, ms. */
  wait: number;
  /** Its id with the service, as soon as it has one. */
  upload_id: string | null;
  /** Its id with the service where another window sends it. */
  elsewhere: string | null;
}

const AT_ONCE = 2;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Between two looks whether another window is done with a file. */
const ELSEWHERE_MS = 3_000;
const active: UploadState[] = ['sending', 'making'];

export const uploads = signal<readonly FileUpload[]>([]);

/** Files that are lost on their way when the page is left. */
export const underWay = computed(
  () => uploads.value.filter(({ state }) => state.value !== 'failed' && state.value !== 'paused').length,
);

/** Whether the end of the session stopped some, for the log-in view to say so. */
export const hasStopped = signal(false);

// Whoever logs out takes along what is on its way.
effect(() => {
  hasStopped.value = session.value === null && uploads.peek().length > 0;
  if (session.value) return;
  uploads.peek().forEach(({ stop }) => stop.abort());
  uploads.value = [];
});

export function addFiles(files: Iterable<File>, profile: string): void {
  for (const file of files) {
    const id = fingerprint(file);
    const before = uploads.peek().filter((one) => one.id === id || isOldOf(one, file));
    if (before.some(({ id: known, state }) => known === id && !['failed', 'paused'].includes(state.peek()))) continue;
    // Chosen again: what is there of the same file is gone on with, and what was another file by now is not.
    for (const one of before) {
      if (one.id === id) take(one);
      else drop(one);
    }
    uploads.value = [...uploads.peek(), newUpload(file, id, profile)];
  }
  startNext();
}

function isOldOf({ file, error, state }: FileUpload, chosen: File): boolean {
  return file.name === chosen.name && state.peek() === 'failed' && error.peek() instanceof Unreadable;
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

/** Stops it, and gives up what the service has of it. */
export function drop(upload: FileUpload): void {
  take(upload);
  void upload.trying.then(() => {
    const id = upload.upload_id ?? findBegun(upload.file)?.upload_id;
    if (id) void giveUp(id);
  });
}

function take(upload: FileUpload): void {
  upload.stop.abort();
  uploads.value = uploads.peek().filter((one) => one !== upload);
  startNext();
}

function newUpload(file: File, id: string, profile: string): FileUpload {
  return {
    id,
    file,
    profile,
    state: signal<UploadState>('queued'),
    sent: signal(0),
    speed: signal<number | null>(null),
    error: signal<unknown>(null),
    stop: new AbortController(),
    trying: Promise.resolve(),
    wait: FIRST_WAIT_MS,
    upload_id: null,
    elsewhere: null,
  };
}

function startNext(): void {
  const all = uploads.peek();
  const free = AT_ONCE - all.filter(({ state }) => active.includes(state.peek())).length;
  const next = all.filter(({ state }) => state.peek() === 'queued').slice(0, Math.max(free, 0));
  for (const upload of next) {
    upload.state.value = 'sending';
    upload.stop = new AbortController();
    const { signal: stopped } = upload.stop;
    upload.trying = upload.trying.then(() => tryOnce(upload, stopped));
  }
}

/** A cut only costs time: what waits to be tried again leaves its place to others, and takes its turn after. */
async function tryOnce(upload: FileUpload, stopped: AbortSignal): Promise<void> {
  if (stopped.aborted) return;
  const { file, profile, state, sent, speed, error, elsewhere } = upload;
  const meter = speedometer();
  try {
    const task = await sendFile({
      file,
      profile,
      signal: stopped,
      elsewhere,
      onOpen: (id) => (upload.upload_id = id),
      onSent: (bytes) => {
        if (stopped.aborted) return;
        if (bytes > sent.peek()) upload.wait = FIRST_WAIT_MS;
        sent.value = bytes;
        speed.value = meter.measure(bytes);
      },
      onMaking: () => {
        if (!stopped.aborted) state.value = 'making';
      },
    });
    take(upload);
    showNew(task);
  } catch (thrown) {
    if (stopped.aborted) return;
    error.value = thrown;
    speed.value = null;
    const mayPass = thrown instanceof Unreachable || thrown instanceof SentElsewhere;
    state.value = mayPass ? 'waiting' : 'failed';
    if (mayPass) void queueLater(upload, stopped);
    startNext();
  }
}

async function queueLater(upload: FileUpload, stopped: AbortSignal): Promise<void> {
  const isElsewhere = upload.error.peek() instanceof SentElsewhere;
  if (isElsewhere) upload.elsewhere = findBegun(upload.file)?.upload_id ?? upload.elsewhere;
  const ms = isElsewhere ? ELSEWHERE_MS : upload.wait;
  upload.wait = Math.min(2 * upload.wait, LONGEST_WAIT_MS);
  await wait(ms, stopped);
  if (stopped.aborted || upload.state.peek() !== 'waiting') return;
  upload.state.value = 'queued';
  startNext();
}
