import { Busboy } from '@fastify/busboy';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import { TooManyBytes, type Storage, type Stored } from '../../shared/storage/storage.ts';
import { ApiError } from '../errors.ts';
import { watchPace, type PaceLimits } from '../limits/pace.ts';

export interface Upload {
  stored: Stored;
  /** What the client calls the file; only ever shown. */
  name: string;
  fields: Record<string, string>;
}

export interface UploadLimits {
  maxBytes: number;
  pace: PaceLimits;
}

const FORM_LIMITS = { files: 1, fields: 20, fieldNameSize: 100, fieldSize: 4096, headerPairs: 100 };

/**
 * Streams the file of a multipart request into storage; it is never held in memory. Fields may come before or after it.
 *
 * @param checkField throws for a field that makes the rest of no use
 * @throws ApiError 400 when there is no file, it is empty or the form is broken; 408 when it is too slow; 413 when it is
 *   too large
 */
export async function receiveUpload(
  request: IncomingMessage,
  storage: Storage,
  key: string,
  { maxBytes, pace: limits }: UploadLimits,
  checkField: (name: string, value: string) => void,
): Promise<Upload> {
  const fields: Record<string, string> = {};
  let file: Promise<{ stored: Stored; name: string }> | undefined;
  const stop = new AbortController();
  const form = openForm(request);
  const pace = watchPace(request, limits);
  pace.signal.addEventListener('abort', () => stop.abort(pace.signal.reason), { once: true });
  form.on('field', (name, value, _nameCut, valueCut) => {
    if (valueCut) stop.abort(badForm(`The field ${name} is too long.`));
    fields[name] = value;
    try {
      checkField(name, value);
    } catch (error) {
      stop.abort(error);
    }
  });
  form.on('file', (name, stream, filename) => {
    // The form tells a file that it has broken off, also one that nobody reads: unheard, that would end the process.
    stream.on('error', () => {});
    if (stop.signal.aborted) {
      stream.resume();
      return;
    }
    if (name !== 'video' || file) {
      stop.abort(badForm('Send one file, in the field `video`.'));
      stream.resume();
      return;
    }
    file = storage
      .put(key, stream, { maxBytes, signal: stop.signal })
      .then((stored) => ({ stored, name: shownName(filename) }));
    // Whatever comes after a failed file is not wanted.
    file.catch((error: unknown) => stop.abort(error));
  });
  try {
    await feed(request, form, stop);
    if (!file) throw badForm('There is no file in the field `video`.');
    const { stored, name } = await file;
    if (stored.bytes === 0) throw new ApiError(400, 'source_empty', 'The file is empty.');
    return { stored, name, fields };
  } catch (error) {
    const cause: unknown = stop.signal.aborted ? stop.signal.reason : error;
    // A form that broke off leaves its file's stream open: nothing more comes.
    stop.abort(cause);
    await file?.catch(() => {});
    throw toUploadError(cause, maxBytes);
  } finally {
    pace.stop();
  }
}

/** Unlike a pipeline, leaves the connection of a refused form open: its client has yet to hear the answer. What still
 * comes is thrown away, for as long as `endUnread` lets it. */
async function feed(request: IncomingMessage, form: Writable, stop: AbortController): Promise<void> {
  const broken = (error: unknown) => stop.abort(error);
  request.on('error', broken);
  form.on('error', broken);
  if (request.destroyed) broken(new Error('aborted'));
  try {
    request.pipe(form);
    await once(form, 'finish', { signal: stop.signal });
  } catch (error) {
    request.unpipe(form);
    request.resume();
    throw error;
  }
}

function openForm(request: IncomingMessage) {
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      limits: FORM_LIMITS,
    });
  } catch (error) {
    throw badForm('The form has no boundary.', error);
  }
}

function toUploadError(error: unknown, maxBytes: number): unknown {
  if (error instanceof ApiError) return error;
  if (error instanceof TooManyBytes) {
    return new ApiError(413, 'source_too_large', `The file is larger than ${maxBytes} bytes, the most that is taken.`);
  }
  if (error instanceof Error && /Unexpected end of multipart|Malformed|aborted|Premature close/i.test(error.message)) {
    return badForm('The form broke off before its end. Send it again.', error);
  }
  return error;
}

function badForm(detail: string, cause?: unknown): ApiError {
  return new ApiError(400, 'invalid_form', detail, { cause });
}

function shownName(filename: string | undefined): string {
  const name = (filename ?? '').split(/[\\/]/).at(-1) ?? '';
  return name.replaceAll(/[\p{C}]/gu, '').slice(0, 200) || 'video';
}
