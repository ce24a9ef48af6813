import type { Media, VideoStream } from '../../shared/task/media.ts';
import type { ClipInput } from '../../shared/task/plan.ts';

/** What comes before a picture is put on its place: the filters that each decoded picture goes through. Pure. */

type Given = { media: Media; input: ClipInput; watched?: boolean };

/**
 * Says of each picture how large it is, which is how a change in the middle is noticed; and makes whole pictures of fields.
 * Pictures of film that was made into 60 fields are counted by fives, so decoding has to begin with a five wherever the
 * part begins.
 */
export function wholePictures({ media, input, watched = false }: Given): string[] {
  const { scan = 'progressive', top_first = true } = media.video;
  const order = top_first ? 'tff' : 'bff';
  const said = watched ? ['showinfo=checksum=0'] : [];
  if (scan === 'interlaced') return [...said, `bwdif=mode=send_frame:parity=${order}:deint=all`];
  if (scan === 'progressive') return said;
  // Half of one of its pictures before the cycle begins.
  const from = media.starts_at + (input.cycle_at ?? 0) - 1 / 60;
  return [
    ...said,
    ...(input.cycle_at ? [`trim=start=${from.toFixed(6)}`] : []),
    `fieldmatch=order=${order}:combmatch=full`,
    `bwdif=mode=send_frame:parity=${order}:deint=interlaced`,
    'decimate',
  ];
}

/** Time in microseconds as an expression, with stray time stamps put right; the time base has to be microseconds. */
export function timeOfPicture({ media, input }: Given): string {
  const terms = (input.retimed ?? []).slice(0, mostRetimed).map(({ from, to }) => {
    const stamp = Math.round((media.starts_at + from) * 1e6);
    return `+between(PTS,${stamp - 2},${stamp + 2})*${Math.round((to - from) * 1e6)}`;
  });
  return terms.length === 0 ? 'PTS' : `(PTS${terms.join('')})`;
}

/** More strays than this in one part make a command too long; the rest stay where they say. */
const mostRetimed = 200;

/** A picture as it is stored is turned upright after it was scaled, when it is smaller. */
export function upright({ rotation, mirrored = false }: Pick<VideoStream, 'rotation' | 'mirrored'>): string[] {
  const turns: Record<number, string[]> = {
    90: ['transpose=clock'],
    180: ['hflip', 'vflip'],
    270: ['transpose=cclock'],
  };
  return [...(mirrored ? ['hflip'] : []), ...(turns[rotation] ?? [])];
}

/** Where FFmpeg is to seek to, in seconds after the file's first time stamp. Exact to the microsecond, or a key picture is missed. */
export function seekOption(at: number | null, { starts_at, file_starts_at = starts_at }: Media): string[] {
  if (at === null) return [];
  return ['-ss', (Math.round((at + starts_at - file_starts_at) * 1e6) / 1e6).toFixed(6)];
}
