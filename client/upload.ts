import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { answerOf, Refused, type Api } from './connect.ts';

/** A multiple of 256 KiB, as Cloud Storage's protocol asks for. */
const PIECE_BYTES = 8 * 1024 * 1024;
/** Tries without a byte more in between. */
const TRIES = 8;

export interface Uploading {
  signal: AbortSignal;
  onProgress?: (sent: number, total: number) => void;
}

/**
 * Sends a file in pieces; a connection that breaks costs a piece at most. Answers the id for `POST /tasks`.
 *
 * @throws Refused when the service does not take it
 */
export async function uploadFile(api: Api, file: string, { signal, onProgress }: Uploading): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const body = { bytes: size, name: path.basename(file) };
    const { upload_id: id, url, headers } = answerOf(await api.POST('/uploads', { body, signal }));
    let [sent, tries] = [0, 0];
    while (sent < size) {
      const before = sent;
      try {
        sent = await sendPiece({ url, headers, signal }, handle, sent, size);
        tries = 0;
      } catch (error) {
        if (signal.aborted || error instanceof Refused || ++tries > TRIES) throw error;
        await pause(Math.min(250 * 2 ** tries, 10_000), undefined, { signal });
        sent = await askHowMuch({ url, headers, signal }, size).catch(() => before);
      }
      onProgress?.(sent, size);
    }
    return id;
  } finally {
    await handle.close();
  }
}

interface To {
  url: string;
  headers: Record<string, string>;
  signal: AbortSignal;
}

async function sendPiece(to: To, file: FileHandle, start: number, size: number): Promise<number> {
  const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - start));
  await file.read(piece, 0, piece.length, start);
  return put(to, `bytes ${start}-${start + piece.length - 1}/${size}`, size, piece);
}

/** How much is there: what was sent before a connection broke may have come or not. */
function askHowMuch(to: To, size: number): Promise<number> {
  return put(to, `bytes */${size}`, size);
}

async function put({ url, headers, signal }: To, range: string, size: number, body?: Buffer): Promise<number> {
  const init = { method: 'PUT', headers: { ...headers, 'content-range': range }, signal };
  const answer = await fetch(url, body ? { ...init, body: new Uint8Array(body) } : init);
  const text = await answer.text();
  if (answer.ok) return size;
  if (answer.status === 308) return receivedOf(answer.headers.get('range'));
  if (answer.status >= 500 || answer.status === 429) throw new Error(`The storage answered ${answer.status}.`);
  throw new Refused(answer.status, parsed(text));
}

function receivedOf(range: string | null): number {
  const last = /^bytes=0-(\d+)$/.exec(range ?? '')?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}

function parsed(text: string): { detail?: string } | undefined {
  try {
    return JSON.parse(text) as { detail?: string };
  } catch {
    return undefined;
  }
}
