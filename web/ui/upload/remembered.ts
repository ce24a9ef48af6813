import { signal } from '@preact/signals';
import type { Upload } from '../api/types.ts';
import { session } from '../session/session.ts';
import { keep, kept, onKept } from '../settings/kept.ts';
import { fingerprint } from './local-file.ts';

/** An upload that was begun, to go on with when the same file is chosen again: the page cannot keep the file itself. */
export interface Begun extends Upload {
  owner: string;
  file: string;
  name: string;
  profile: string;
  /** 0 to 100. */
  percent: number;
}

const NAME = 'uploads';

export const begun = signal<readonly Begun[]>(read());
onKept(NAME, () => (begun.value = read()));

export function findBegun(file: File): Begun | undefined {
  return read().find(({ owner, file: known }) => known === fingerprint(file) && owner === session.peek()?.email);
}

export function remember(upload: Begun): void {
  write([...read().filter(({ upload_id }) => upload_id !== upload.upload_id), upload]);
}

export function forget(id: string): void {
  write(read().filter(({ upload_id }) => upload_id !== id));
}

/** Whoever logs out leaves nothing behind, not even names of files. */
export function forgetAll(): void {
  write([]);
}

function write(all: Begun[]): void {
  keep(NAME, all.length > 0 ? JSON.stringify(all) : null);
  begun.value = all;
}

function read(): Begun[] {
  try {
    const all = JSON.parse(kept(NAME) ?? '[]') as Begun[];
    return all.filter(({ expires_at }) => new Date(expires_at).getTime() > Date.now());
  } catch {
    return [];
  }
}
