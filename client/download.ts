import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clip } from './connect.ts';

/**
 * Fetches the clips at their signed addresses into a folder. Answers their paths; a file is there whole or not at all.
 *
 * @param read gives the clips. It is asked again when an address is refused: the last ones may have run out by their turn.
 */
export async function downloadClips(
  read: () => Promise<Clip[]>,
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  let clips = await read();
  for (const { name } of clips) {
    const file = path.join(folder, path.basename(name));
    const half = `${file}.part`;
    try {
      let answer = await fetch(addressOf(name, clips), { signal });
      if (answer.status >= 400 && answer.status < 500) {
        await answer.body?.cancel();
        clips = await read();
        answer = await fetch(addressOf(name, clips), { signal });
      }
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

/** @throws Error when the clip was removed meanwhile */
function addressOf(name: string, clips: Clip[]): string {
  const clip = clips.find((one) => one.name === name);
  if (clip) return clip.url;
  throw new Error(`${name} is not there any more.`);
}
