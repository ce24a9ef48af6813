import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { checksumsOf, type Checksums } from './checksum.ts';
import { Refusal } from './reply.ts';

export interface Described {
  contentType?: string | undefined;
  metadata?: Record<string, string> | undefined;
}

export interface StoredObject extends Described, Checksums {
  name: string;
  generation: string;
  file: string;
}

/** What an upload asks to be held to. */
export interface Expected {
  /** Of the object that may be replaced; `0` is none. */
  generation?: string | undefined;
  size?: number | undefined;
  crc32c?: string | undefined;
  md5?: string | undefined;
}

/** The objects of the one bucket, with their bytes in a folder. */
export class Objects {
  readonly bucket: string;
  readonly folder: string;
  readonly #byName = new Map<string, StoredObject>();
  #generation = Date.now() * 1000;

  constructor(bucket: string, folder: string) {
    this.bucket = bucket;
    this.folder = folder;
  }

  /** A place to write what may become an object. */
  newFile(): string {
    return path.join(this.folder, randomUUID());
  }

  names(): string[] {
    return [...this.#byName.keys()].sort();
  }

  get(name: string): StoredObject {
    const found = this.#byName.get(name);
    if (!found) throw new Refusal(404, 'notFound', `No such object: ${this.bucket}/${name}`);
    return found;
  }

  assertGeneration(name: string, expected: string | undefined): void {
    if (expected === undefined) return;
    if ((this.#byName.get(name)?.generation ?? '0') !== expected) {
      throw new Refusal(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.');
    }
  }

  /** Makes an object of a file, if it is what was promised. Nothing awaits between the condition and the deed. */
  async store(name: string, file: string, described: Described, expected: Expected): Promise<StoredObject> {
    const sums = await checksumsOf(file);
    const differs = (['size', 'crc32c', 'md5'] as const).find(
      (sum) => expected[sum] !== undefined && expected[sum] !== sums[sum],
    );
    if (differs) throw new Refusal(400, 'invalid', `Provided ${differs} does not match the calculated one.`);
    this.assertGeneration(name, expected.generation);
    const stored = { ...described, ...sums, name, generation: String(++this.#generation), file };
    this.#byName.set(name, stored);
    return stored;
  }

  async remove(name: string): Promise<void> {
    const { file } = this.get(name);
    this.#byName.delete(name);
    await rm(file, { force: true });
  }

  /** Damages what is stored, as a failing disk would. */
  async replaceBytes(name: string, file: string): Promise<void> {
    await rename(file, this.get(name).file);
  }
}

/** An object as the JSON API tells of it. */
export function resourceOf(bucket: string, stored: StoredObject): object {
  return {
    kind: 'storage#object',
    id: `${bucket}/${stored.name}/${stored.generation}`,
    bucket,
    name: stored.name,
    generation: stored.generation,
    metageneration: '1',
    size: String(stored.size),
    crc32c: stored.crc32c,
    md5Hash: stored.md5,
    contentType: stored.contentType ?? 'application/octet-stream',
    metadata: stored.metadata,
    storageClass: 'STANDARD',
  };
}
