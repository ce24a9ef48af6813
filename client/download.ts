import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clip } from './connect.ts';

/** Fetches the clips at their signed addresses into a folder. Answers their paths; a file is there whole or not at all. */
export async function downloadClips(clips: Clip[], folder: string, signal: AbortSignal): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const { name, url } of clips) {
    const file = path.join(folder, path.basename(name));
    const half = `${file}.part`;
    try {
      const answer = await fetch(url, { signal });
      if (!answer.ok || !answer.body) throw new Error(`${name} cannot be fetched: ${answer.status}`);
      await pipeline(Readable.fromWeb(answer.body), createWriteStream(half), { signal });
      await rename(half, file);
    } finally {
      await rm(half, { force: true });
    }
    files.push(file);
  }
  return files;
}
