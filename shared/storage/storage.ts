import type { Readable } from 'node:stream';

/** A stored file, as it was received. */
export interface Stored {
  bytes: number;
  sha256: string;
}

/** Where sources and clips are kept. Keys are ours, never a user's: letters, digits, `.`, `-`, `_` and `/`. */
export interface Storage {
  /**
   * Stores a stream whole or not at all.
   *
   * @throws TooManyBytes when more than `maxBytes` come
   */
  put(key: string, body: Readable, options?: { maxBytes?: number; signal?: AbortSignal }): Promise<Stored>;

  /** Size of what is stored, or null. */
  stat(key: string): Promise<{ bytes: number } | null>;

  /** Reads a file or a range of it; `end` is inclusive. */
  get(key: string, range?: { start: number; end: number }): Promise<Readable>;

  /** Brings a stored file to a path on this machine, without copying where that can be avoided. Never change it. */
  fetch(key: string, to: string, signal?: AbortSignal): Promise<void>;

  /** Keys below a prefix that ends in `/`. */
  list(prefix: string): Promise<string[]>;

  remove(key: string): Promise<void>;

  removePrefix(prefix: string): Promise<void>;

  /**
   * An address at which anyone can read the file until it expires. One that begins with `/` is served by our own web.
   *
   * @param seconds until it expires
   * @param filename what a browser calls the download
   */
  signUrl(key: string, options: { seconds: number; filename?: string }): Promise<string>;

  /** Throws when the storage does not answer. */
  check(): Promise<void>;
}

export class TooManyBytes extends Error {
  constructor(maxBytes: number) {
    super(`More than ${maxBytes} bytes came.`);
    this.name = 'TooManyBytes';
  }
}

export class NotStored extends Error {
  constructor(key: string, options?: ErrorOptions) {
    super(`There is nothing stored as ${key}.`, options);
    this.name = 'NotStored';
  }
}

const KEY = /^(?!\/)(?!.*\/\/)(?!.*(^|\/)\.)[A-Za-z0-9._/-]{1,512}$/;

/** Keys become paths and addresses; a wrong one is a mistake of ours. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`Not a key: ${JSON.stringify(key)}`);
  return key;
}
