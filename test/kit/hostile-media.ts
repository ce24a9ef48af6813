import { readFile } from 'node:fs/promises';
import { boxFiles } from './hostile-media-boxes.ts';
import { matroskaFiles } from './hostile-media-matroska.ts';
import { playlists } from './hostile-media-playlists.ts';
import { streamFiles } from './hostile-media-streams.ts';
import { made, sample } from './videos.ts';

/** What hostile files are made of: honest ones, and what they must not get at. */
export interface Ingredients {
  /** A video of this machine that decodes well, so that reading it would be taken for success. */
  file: string;
  /** A server of this machine. */
  url: string;
  mp4: Buffer;
  mkv: Buffer;
  ts: Buffer;
  avi: Buffer;
}

export interface Hostile {
  name: string;
  extension: string;
  /** It names other files or addresses, and has no pictures of its own: it can only be refused. */
  opensOthers?: boolean;
  make: (ingredients: Ingredients) => Buffer;
}

export const hostileFiles = { playlists, MP4: boxFiles, Matroska: matroskaFiles, 'other containers': streamFiles };

/** @param canary what the files try to get at */
export async function ingredients(canary: { file: string; url: string }): Promise<Ingredients> {
  const honest = { seconds: 1, width: 64, height: 64, sound: 'none' } as const;
  const [mp4, mkv, ts, avi] = await Promise.all([
    sample(honest),
    ...(['mkv', 'ts', 'avi'] as const).map((container) => sample({ ...honest, container })),
  ]);
  const bytes = (file: string | undefined) => readFile(file ?? '');
  return { ...canary, mp4: await bytes(mp4), mkv: await bytes(mkv), ts: await bytes(ts), avi: await bytes(avi) };
}

/** A video whose pictures have too many pixels, honestly drawn. */
export function tooManyPixels(): Promise<string> {
  return made('mp4', [
    '-f',
    'lavfi',
    '-i',
    'color=black:s=16000x4000:r=1:d=1',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-frames:v',
    '1',
  ]);
}
