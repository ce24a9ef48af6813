import { Problem, safeName } from '../../shared/task/problem.ts';
import { framesSaid, readPictures, type PictureHead } from './picture-stream.ts';
import { readSound, type SoundHead } from './sound-stream.ts';
import { answerSchema, numberIn, ratio, type Format, type Stream } from './streams.ts';
import type { Claims } from './truncated.ts';

/** What the header of a source says; times come from the scan. */
export interface Header {
  container: string;
  /** The container's first time stamp, of whichever track; FFmpeg seeks from there. */
  fileStartsAt: number;
  /** The pictures that are used; null where there is only sound. */
  video: PictureHead | null;
  /** Why these, in words. */
  why: string;
  /** Number of a picture that goes with sound: the cover of an album. */
  cover: PictureHead | null;
  sounds: SoundHead[];
  streams: Stream[];
  claims: Omit<Claims, 'sawEndMissing'>;
}

/**
 * Reads ffprobe's description of a source. Pure.
 * @throws Problem source_not_video, source_unsupported
 */
export function readHeader(json: unknown): Header {
  const { data } = answerSchema.safeParse(json);
  if (!data || data.streams.length === 0) throw new Problem('source_not_video', 'ffprobe finds no streams');
  const { streams, format } = data;
  const sounds = streams.filter(({ codec_type }) => codec_type === 'audio').map(readSound);
  const { stream, why } = choosePictures(streams);
  const cover = stream ? undefined : streams.find(isCover);
  if (!stream && sounds.length === 0) throw new Problem('source_not_video', 'neither pictures nor sound');
  return {
    container: format.format_name,
    fileStartsAt: numberIn(format.start_time) ?? 0,
    ...{ video: stream ? readPictures(stream) : null, why },
    cover: cover && (cover.width ?? 0) > 0 ? readPictures(cover) : null,
    ...{ sounds, streams },
    claims: claims(stream, format),
  };
}

/** Tracks of pictures: the only one that moves, else the one marked as default, else the largest. Pure. */
function choosePictures(streams: readonly Stream[]): { stream: Stream | null; why: string } {
  const real = streams.filter(isRealVideo);
  const moving = real.filter((stream) => framesSaid(stream) !== 1);
  const candidates = moving.length > 0 ? moving : real;
  const [first, ...others] = candidates;
  if (!first) return { stream: null, why: '' };
  if (others.length === 0) return { stream: first, why: real.length > 1 ? 'the only one that moves' : 'the only one' };
  const marked = candidates.filter(({ disposition }) => disposition?.default === 1);
  if (marked.length === 1 && marked[0]) return { stream: marked[0], why: 'marked as default' };
  const size = ({ width = 0, height = 0 }: Stream) => width * height;
  const largest = candidates.reduce((most, one) => (size(one) > size(most) ? one : most));
  return { stream: largest, why: 'the largest' };
}

function claims(video: Stream | null, { format_name: container, duration }: Format): Header['claims'] {
  const frames = video ? framesSaid(video) : null;
  // The count in an AVI is one of ticks, many of them without a picture; ffprobe fits its duration to what is there.
  if (container === 'avi')
    return { container, frames: null, seconds: frames && frames * (ratio(video?.time_base) || NaN) };
  return { container, frames, seconds: numberIn(duration) };
}

/** Not the cover of an album, nor the preview pictures of a camera. */
export function isRealVideo({ codec_type, disposition }: Stream): boolean {
  const isAside = ['attached_pic', 'timed_thumbnails', 'still_image', 'dependent'].some((name) => disposition?.[name]);
  return codec_type === 'video' && !isAside;
}

export function isCover({ codec_type, disposition }: Stream): boolean {
  return codec_type === 'video' && disposition?.attached_pic === 1;
}

/** A file that has tracks but nothing in them. */
export function nothingInside({ video, sounds }: Pick<Header, 'video' | 'sounds'>): Problem {
  const codec = safeName(video?.codec ?? sounds[0]?.codec);
  const words = `The file announces ${codec}, but there is not a single picture or sound in it: it may be the beginning of a stream without the rest.`;
  return new Problem('source_no_picture', 'no packets', { words });
}
