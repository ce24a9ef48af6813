import { ask } from '../api/ask.ts';
import { Refusal } from '../api/refusal.ts';
import type { Task, Upload } from '../api/types.ts';
import { session } from '../session/session.ts';
import { giveUp } from './give-up.ts';
import { checkReadable, fingerprint } from './local-file.ts';
import { inOneWindow } from './one-window.ts';
import { asking, contentRange, isOver, pieceAt, received } from './pieces.ts';
import { put } from './put.ts';
import { findBegun, forget, remember, type Begun } from './remembered.ts';

export interface Sending {
  file: File;
  profile: string;
  signal: AbortSignal;
  /** The upload that another window was seen to send the file to; its task may be there by now. */
  elsewhere: string | null;
  onOpen: (upload_id: string) => void;
  onSent: (bytes: number) => void;
  onMaking: () => void;
}

/**
 * Sends a file from where it was left, and makes a task of it.
 *
 * @throws Unreachable when trying again may help: what was sent is kept; SentElsewhere when another window is at it;
 *   Unreadable when the file is not what it was; Refusal when the service does not take it
 */
export async function sendFile(sending: Sending): Promise<Task> {
  const { file } = sending;
  if (file.size === 0) throw new Refusal(400, { code: 'source_empty' });
  await checkReadable(file, 0);
  return inOneWindow(fingerprint(file), async () => (await madeElsewhere(sending)) ?? send(sending));
}

async function madeElsewhere({ file, profile, elsewhere }: Sending): Promise<Task | null> {
  if (elsewhere === null || findBegun(file)) return null;
  try {
    const { body } = await ask<Task>('GET', `/tasks/${elsewhere}`);
    return body.profile === profile ? body : null;
  } catch (error) {
    // The other window gave it up.
    if (error instanceof Refusal && error.status === 404) return null;
    throw error;
  }
}

async function send(sending: Sending): Promise<Task> {
  const { file, profile, signal, onOpen, onMaking } = sending;
  const known = findBegun(file);
  const upload = known ?? (await openUpload(file, profile));
  const { upload_id } = upload;
  onOpen(upload_id);
  try {
    signal.throwIfAborted();
    await sendRest(upload, known ? await sentBefore(upload, file, signal) : 0, sending);
    onMaking();
    const task = await makeTask(upload_id, profile, signal);
    forget(upload_id);
    return task;
  } catch (error) {
    if (!(error instanceof Refusal && isOver(error))) throw error;
    void giveUp(upload_id);
    // An address from yesterday: the file is sent from its beginning to a new one.
    if (known && !signal.aborted) return send(sending);
    throw error;
  }
}

/** To its end also when it is stopped meanwhile: an upload whose id nobody heard could not be given up. */
async function openUpload(file: File, profile: string): Promise<Begun> {
  const { name, size, type } = file;
  const owner = session.peek()?.email ?? '';
  const isMedia = /^(video|audio|application)\/[\w.+-]+$/.test(type);
  const body = { bytes: size, name: name.slice(0, 200), ...(isMedia && { content_type: type }) };
  const answer = await ask<Upload>('POST', '/uploads', { body });
  const begun = { ...answer.body, owner, file: fingerprint(file), name, profile, percent: 0 };
  if (session.peek()?.email === owner) remember(begun);
  return begun;
}

/** What came before a connection broke or the page was left. */
async function sentBefore({ url, headers }: Begun, { size }: File, signal: AbortSignal): Promise<number> {
  try {
    const { status, range } = await put({ url, headers, range: asking(size), body: null, signal });
    return status === 308 ? received(range) : size;
  } catch (error) {
    if (isComplete(error)) return size;
    throw error;
  }
}

async function sendRest(upload: Begun, from: number, { file, signal, onSent }: Sending): Promise<void> {
  let sent = from;
  onSent(sent);
  while (sent < file.size) {
    sent = await sendPiece(upload, sent, { file, signal, onSent });
    onSent(sent);
    if (!signal.aborted) remember({ ...upload, percent: Math.floor((100 * sent) / file.size) });
  }
}

/** Answers how much is there: the service says itself how much of a piece it has. */
async function sendPiece(
  { url, headers }: Begun,
  from: number,
  { file, signal, onSent }: Pick<Sending, 'file' | 'signal' | 'onSent'>,
): Promise<number> {
  const piece = pieceAt(from, file.size);
  const body = file.slice(piece.start, piece.end);
  const onProgress = (bytes: number) => onSent(Math.min(piece.start + bytes, piece.end));
  try {
    const range = contentRange(piece, file.size);
    const answer = await put({ url, headers, range, body, onProgress, signal });
    return answer.status === 308 ? received(answer.range) : file.size;
  } catch (error) {
    if (isComplete(error)) return file.size;
    if (!(error instanceof Refusal) && !signal.aborted) await checkReadable(file, piece.start);
    throw error;
  }
}

async function makeTask(upload_id: string, profile: string, signal: AbortSignal): Promise<Task> {
  try {
    return (await ask<Task>('POST', '/tasks', { body: { upload_id, profile }, signal })).body;
  } catch (error) {
    // By another window, or by a request whose answer was lost. A task has the id of its upload.
    if (!(error instanceof Refusal && error.code === 'upload_used')) throw error;
    return (await ask<Task>('GET', `/tasks/${upload_id}`, { signal })).body;
  }
}

/** Another window has sent the rest. */
function isComplete(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'upload_complete';
}
