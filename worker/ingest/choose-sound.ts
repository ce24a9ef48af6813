import type { SoundHead } from './sound-stream.ts';

/** What was found out about a track of sound by decoding some of it. */
export interface HeardTrack {
  head: SoundHead;
  /** There are packets in it, and they decode. */
  decodes: boolean;
  /** Nothing but silence at every place that was listened to; null where nobody listened. */
  silent: boolean | null;
}

/** The sound to use: one track, or two that hold left and right; null where none can be used. */
export interface ChosenSound {
  head: SoundHead;
  right: SoundHead | null;
  why: string;
  silent: boolean;
}

/**
 * Which track of sound goes with the pictures. Pure.
 *
 * Two mono tracks of the same language are left and right. Else it is the one marked as default, else the first; what is
 * silent, or a commentary, comes last: of a camera's tracks often only one had a microphone.
 */
export function chooseSound(tracks: readonly HeardTrack[]): ChosenSound | null {
  const usable = tracks.filter(({ decodes }) => decodes);
  const sounding = usable.filter(({ silent }) => silent !== true);
  const candidates = sounding.length > 0 ? sounding : usable;
  const [first, ...others] = candidates;
  if (!first) return null;
  const silent = sounding.length === 0;
  const pair = leftAndRight(candidates);
  if (pair) return { ...pair, why: 'two mono tracks, left and right', silent };
  if (others.length === 0) {
    const why = tracks.length === 1 ? 'the only one' : 'the only one with sound that decodes';
    return { head: first.head, right: null, why, silent };
  }
  const proper = candidates.filter(({ head }) => !head.isAside);
  const among = proper.length > 0 ? proper : candidates;
  const marked = among.filter(({ head }) => head.isDefault);
  if (marked.length === 1 && marked[0]) return { head: marked[0].head, right: null, why: 'marked as default', silent };
  return { head: (among[0] ?? first).head, right: null, why: 'the first one', silent };
}

/** Cameras write two microphones as two tracks; two of different languages are two languages. */
function leftAndRight(candidates: readonly HeardTrack[]): { head: SoundHead; right: SoundHead } | null {
  const [left, right, ...more] = candidates.map(({ head }) => head);
  if (!left || !right || more.some(({ channels }) => channels !== 1) || more.length % 2 !== 0) return null;
  const same = left.codec === right.codec && left.sample_rate === right.sample_rate && left.language === right.language;
  const areMono = left.channels === 1 && right.channels === 1 && !left.isAside && !right.isAside;
  return same && areMono ? { head: left, right } : null;
}
