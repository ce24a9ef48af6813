import type { Tools } from '../ffmpeg/tools.ts';
import { chooseSound, type ChosenSound, type HeardTrack } from './choose-sound.ts';
import { lookFirst, type FirstLook } from './first-look.ts';
import type { Header } from './header.ts';
import { isSilent } from './listen.ts';
import type { SoundHead } from './sound-stream.ts';
import type { Scanner } from './timeline-scan.ts';

export interface FoundSound {
  heard: HeardTrack[];
  chosen: ChosenSound | null;
  /** The streams that are used. */
  used: SoundHead[];
}

/** Tracks that are listened to; of more the first ones. */
const mostTracks = 8;

/**
 * Which sound to use. Only where there are several, or the one begins with silence, is any of them listened to.
 * @param first what the first one came to
 */
export async function findSound(
  path: string,
  { header, scanner, first }: { header: Header; scanner: Scanner; first: Pick<FirstLook, 'failed' | 'silent'> },
  options: { tools: Tools; signal: AbortSignal; folder?: string },
): Promise<FoundSound> {
  const { sounds, container, fileStartsAt } = header;
  const real = sounds.filter(({ index, channels }) => channels > 0 && scanner.has(index)).slice(0, mostTracks);
  const heard: HeardTrack[] = [];
  for (const head of real) {
    if (real.length === 1) {
      const look = head === sounds[0] ? first : await lookAlone(path, container, head, options);
      if (look.failed !== null || !look.silent) {
        heard.push({ head, decodes: look.failed === null, silent: null });
        continue;
      }
    }
    const endsAt = Math.max(0, (scanner.endOf(head.index) ?? 0) - fileStartsAt);
    const silent = await isSilent(path, { container, index: head.index, channels: head.channels, endsAt }, options);
    heard.push({ head, decodes: silent !== null, silent });
  }
  const chosen = chooseSound(heard);
  const used = chosen ? [chosen.head, ...(chosen.right ? [chosen.right] : [])] : [];
  return { heard, chosen, used };
}

async function lookAlone(
  path: string,
  container: string,
  { index, channels }: SoundHead,
  options: { tools: Tools; signal: AbortSignal; folder?: string },
): Promise<FirstLook> {
  return lookFirst(path, { container, picture: null, sound: { index, channels }, lines: null, at: 0 }, options);
}
