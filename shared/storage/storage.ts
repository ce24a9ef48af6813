import type { Readable } from 'node:stream';

/** A stored file, as it was received. */
export interface Stored {
  bytes: number;
  sha256: string;
}

/** Where sources and clips are kept. Keys are ours, never a user's: letters, digits, `.`, `-`, `_` and `/`. */
export interface Storage {
  /**
   * Stores a stream whole or not at all. What is stored is never overwritten: of several puts of one key one succeeds
   * and the others are refused, whoever makes them. Whoever does work again takes another key.
   *
   * @param options.signal stops it; nothing is left then
   * @throws TooManyBytes when more than `maxBytes` come
   * @throws AlreadyStored when there is something under the key
   */
  put(key: string, body: Readable, options?: { maxBytes?: number; signal?: AbortSignal }): Promise<Stored>;

  /** Size of what is stored, or null. */
  stat(key: string): Promise<{ bytes: number } | null>;

  /**
   * Reads a file or a range of it; `end` is inclusive. A range lies within the file.
   *
   * @throws NotStored before anything is read
   */
  get(key: string, range?: { start: number; end: number }): Promise<Readable>;

  /**
   * Brings a stored file to a path on this machine at which there is nothing, without copying where that can be
   * avoided. Never change it.
   *
   * @throws NotStored when there is no such file; nothing is at the path then
   */
  fetch(key: string, to: string, signal?: AbortSignal): Promise<void>;

  /**
   * Stores what is stored once more, under another key, without its bytes coming this way.
   *
   * @throws NotStored when there is no such file
   * @throws AlreadyStored when there is something under the other key
   */
  copy(from: string, to: string): Promise<void>;

  /** Keys below a prefix that ends in `/`. */
  list(prefix: string): Promise<string[]>;

  /** What is not there counts as removed. */
  remove(key: string): Promise<void>;

  /** Removes every file below a prefix that ends in `/`. */
  removePrefix(prefix: string): Promise<void>;

  /**
   * An address at which anyone can read the file until it expires. One that begins with `/` is served by our own web.
   *
   * @param seconds until it expires
   * @param filename what a browser calls the download
   */
  signUrl(key: string, options: { seconds: number; filename?: string }): Promise<string>;

  /**
   * An address at which a client can store a file itself: by a PUT of the whole, or in pieces by the protocol of Cloud
   * Storage's resumable uploads. One that begins with `/` is served by our own web. A PUT of the whole that breaks off
   * may be sent again.
   *
   * @param options.bytes how many will come; others are refused
   * @param options.origin where the page comes from that will send them, for browsers
   * @param options.seconds how long a PUT may be begun; a bucket does not keep to it and takes bytes for up to a week
   */
  openUpload(key: string, options: OpenUpload): Promise<{ url: string; headers?: Record<string, string> }>;

  /** Takes files in pieces for the addresses that our own web serves; a bucket takes them itself. */
  pieces?: Pieces;

  /** Throws when the storage does not answer within a few seconds. */
  check(): Promise<void>;
}

export interface OpenUpload {
  bytes: number;
  origin?: string;
  seconds: number;
  contentType?: string | undefined;
}

/** A file that comes in pieces, each after the other; whole, it is stored as by `put`. */
export interface Pieces {
  /** How much has come, in bytes: everything from the first one on. */
  received(key: string): Promise<number>;
  /**
   * Adds a piece. What came of one that breaks off is kept.
   *
   * @param options.start where the piece begins; not beyond what has come
   * @param options.maxBytes most bytes of this piece
   * @returns how much has come now
   * @throws TooManyBytes
   */
  add(key: string, body: Readable, options: { start: number; maxBytes: number; signal: AbortSignal }): Promise<number>;
  /**
   * All has come.
   *
   * @throws AlreadyStored when there is something under the key
   */
  complete(key: string): Promise<void>;
}

export class TooManyBytes extends Error {
  constructor(maxBytes: number) {
    super(`More than ${maxBytes} bytes came.`);
    this.name = 'TooManyBytes';
  }
}

export class AlreadyStored extends Error {
  constructor(key: string, options?: ErrorOptions) {
    super(`There is something stored as ${key} already.`, options);
    this.name = 'AlreadyStored';
  }
}

/** The storage could not be reached, or answered that it could not, for as long as was tried. */
export class StorageUnavailable extends Error {
  /** Like any connection that came to nothing: the API answers 503 and not 500. */
  readonly code = 'ETIMEDOUT';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageUnavailable';
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

/** Without the slash, `sources/1` would also be the beginning of another task's `sources/12`. */
export function checkPrefix(prefix: string): string {
  if (!prefix.endsWith('/')) throw new Error(`Not a prefix: ${JSON.stringify(prefix)}`);
  checkKey(prefix.slice(0, -1));
  return prefix;
}
