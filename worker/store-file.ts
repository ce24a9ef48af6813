import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Storage } from '../shared/storage/storage.ts';
import { Problem } from '../shared/task/problem.ts';

/** Stores a file and looks whether all of it is there. @throws Problem storage_failed */
export async function storeFile(
  key: string,
  file: string,
  { storage, signal, onStoring }: { storage: Storage; signal: AbortSignal; onStoring: (key: string) => void },
): Promise<{ key: string; bytes: number; sha256: string }> {
  const { size } = await stat(file);
  // Before: of what was stored, the answer may be lost.
  onStoring(key);
  const stored = await storage.put(key, createReadStream(file), { signal });
  const found = await storage.stat(key);
  if (stored.bytes !== size || found?.bytes !== size) {
    throw new Problem('storage_failed', `${key}: made ${size} bytes, sent ${stored.bytes}, stored ${found?.bytes}`);
  }
  return { key, bytes: size, sha256: stored.sha256 };
}
