import type { ProfileName } from './case.ts';
import { watch, type Watched } from './measure.ts';
import type { ClipFile } from './outcome.ts';
import type { Truth } from './source-truth.ts';

/** A file and what is in it. */
export interface Seen {
  clip: ClipFile;
  watched: Watched;
}

export async function watchClip(clip: ClipFile): Promise<Seen> {
  const { pictures, sound } = clip;
  if (sound === pictures || sound === null)
    return { clip, watched: await watch(pictures, sound === null ? { only: 'pictures' } : {}) };
  const [seen, heard] = await Promise.all([watch(pictures, { only: 'pictures' }), watch(sound, { only: 'sound' })]);
  return { clip, watched: { ...seen, sound: heard.sound } };
}

/** A joined one begins with its first picture where that is less than a picture late; parts begin with the clock. */
export function leadIn(profile: ProfileName, { lead }: Truth, fps: number): number {
  return profile === 'idrl' ? lead : Math.floor(lead * fps + 0.001) / fps;
}
