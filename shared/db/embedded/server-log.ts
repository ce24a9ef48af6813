import { open, stat, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** Beyond this the log begins anew at the next start, bytes. */
const MOST = 10 * 1024 * 1024;

/** What the server writes, in `postgres.log`. */
export interface ServerLog {
  file: string;
  /** Bytes that were there before. */
  from: number;
}

/** Prepares the log for a start of the server. */
export async function prepareLog(folder: string): Promise<ServerLog> {
  const file = path.join(folder, 'postgres.log');
  const found = await stat(file).catch(() => undefined);
  if (found && found.size > MOST) await truncate(file);
  return { file, from: found && found.size <= MOST ? found.size : 0 };
}

/** For the server to write to; opened by us, so that it matters not who the server runs as. */
export function openForServer(log: ServerLog): Promise<FileHandle> {
  return open(log.file, 'a', 0o600);
}

/** The end of what was written since the log was prepared. */
export async function tailOf(log: ServerLog, most = 4_000): Promise<string> {
  const handle = await open(log.file, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.max(Math.min(log.from, size), size - most);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
