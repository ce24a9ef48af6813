import { ask } from '../api/ask.ts';
import { Refusal } from '../api/refusal.ts';
import type { Task, Upload } from '../api/types.ts';
import { session } from '../session/session.ts';
import { asking, contentRange, pieceAt, received } from './pieces.ts';
import { put } from './put.ts';
import { findBegun, fingerprint, forget, remember, type Begun } from './remembered.ts';

interface Sending {
  file: File;
  profile: string;
  signal: AbortSignal;
  onSent: (bytes: number) => void;
  onMaking: () => void;
}

/**
 * Sends a file from where it was left, and makes a task of it.
 *
 * @throws Unreachable when trying again may help: what was sent is kept; Refusal when it does not
 */
export async function sendFile(sending: Sending): Promise<Task> {
  const { file, profile, signal, onMaking } = sending;
  const known = findBegun(file);
  const upload = known ?? (await openUpload(file, profile, signal));
  try {
    await sendRest(upload, known ? await sentBefore(upload, file, signal) : 0, sending);
    onMaking();
    const { upload_id } = upload;
    const { body } = await ask<Task>('POST', '/tasks', { body: { upload_id, profile }, signal });
    forget(upload_id);
    return body;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    forget(upload.upload_id);
    // An address from yesterday: the file is sent from its beginning to a new one.
    const isOver = [400, 403, 404, 410, 412].includes(error.status);
    if (known && isOver && !signal.aborted) return sendFile(sending);
    throw error;
  }
}

async function openUpload(file: File, profile: string, signal: AbortSignal): Promise<Begun> {
  const { name, size, type } = file;
  const isMedia = /^(video|audio|application)\/[\w.+-]+$/.test(type);
  const body = { bytes: size, name: name.slice(0, 200), ...(isMedia && { content_type: type }) };
  const answer = await ask<Upload>('POST', '/uploads', { body, signal });
  const owner = session.peek()?.email ?? '';
  const begun = { ...answer.body, owner, file: fingerprint(file), name, profile, percent: 0 };
  remember(begun);
  return begun;
}

/** What came before a connection broke or the page was left. */
async function sentBefore({ url, headers }: Begun, { size }: File, signal: AbortSignal): Promise<number> {
  try {
    const { status, range } = await put({ url, headers, range: asking(size), body: null, signal });
    return status === 308 ? received(range) : size;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'upload_complete') return size;
    throw error;
  }
}

async function sendRest(upload: Begun, from: number, { file, signal, onSent }: Sending): Promise<void> {
  let sent = from;
  onSent(sent);
  while (sent < file.size) {
    const piece = pieceAt(sent, file.size);
    const { status, range } = await put({
      url: upload.url,
      headers: upload.headers,
      range: contentRange(piece, file.size),
      body: file.slice(piece.start, piece.end),
      onProgress: (bytes) => onSent(Math.min(piece.start + bytes, piece.end)),
      signal,
    });
    // It says itself how much of the piece it has.
    sent = status === 308 ? received(range) : file.size;
    onSent(sent);
    remember({ ...upload, percent: Math.floor((100 * sent) / file.size) });
  }
}
