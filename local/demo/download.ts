import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DemoClip } from './client.ts';

export interface DownloadedClip extends DemoClip {
  path: string;
}

/** Fetches the clips at their signed addresses into a folder. */
export async function downloadClips(clips: DemoClip[], folder: string, signal: AbortSignal): Promise<DownloadedClip[]> {
  await mkdir(folder, { recursive: true });
  const downloaded: DownloadedClip[] = [];
  for (const clip of clips) {
    const file = path.join(folder, clip.name);
    const response = await fetch(clip.url, { signal });
    if (!response.ok || !response.body) throw new Error(`${clip.name} cannot be fetched: ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file), { signal });
    downloaded.push({ ...clip, path: path.relative('.', file) });
  }
  return downloaded;
}
