import path from 'node:path';
import { downloadClips as fetchClips } from '../../client/download.ts';
import type { DemoClip } from './client.ts';

export interface DownloadedClip extends DemoClip {
  path: string;
}

/** Fetches the clips into a folder. Answers them with where they are. */
export async function downloadClips(clips: DemoClip[], folder: string, signal: AbortSignal): Promise<DownloadedClip[]> {
  const files = await fetchClips(() => Promise.resolve(clips), folder, signal);
  return clips.map((clip, at) => ({ ...clip, path: path.relative('.', files[at] ?? '') }));
}
