import type { VideoStream } from '../../shared/task/media.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { chain } from './chain.ts';
import { framing, framingInto, type Framing, type Size } from './frame.ts';
import { upright } from './pictures.ts';
import { colorOf } from '../color/color-of.ts';
import { toSdr } from '../color/to-sdr.ts';
import type { Stretch } from './shapes.ts';

/** How pictures get into the clip's frame, shape and colors. Pure. */

/** Everything becomes the color that HD players assume, said in the stream and true of its pixels. */
export const color = 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709';
export const toHdColor = 'out_color_matrix=bt709:out_range=tv';

/** Where pictures go, how many there are, and which of them have which shape. */
interface Target {
  label: string;
  frames: number;
  stretches: readonly Stretch[];
  /** As FFmpeg reads it. */
  rate: string;
}

interface Request {
  media: { video: VideoStream };
  profile: Pick<Profile, 'frame'>;
  /** Path of the table that the colors go through; null where they need none. */
  table?: string | null;
}

/**
 * Pictures that are on their places, framed. Where their shape changes in the middle, each stretch is framed by its own:
 * one filter after another cannot follow that, or a disc would become an egg.
 * @param timed filters that put them on their places
 */
export function framedPictures(
  { media: { video }, profile, table = null }: Request,
  timed: string[],
  target: Target,
): string[] {
  const { label, stretches: all, frames, rate } = target;
  const [only, ...others] = all;
  if (!only) return [];
  const own = framing(video, profile.frame);
  const isOwn = ({ width, height, pixel_aspect }: Stretch) =>
    width === video.width && height === video.height && pixel_aspect === video.pixel_aspect;
  const framed = (stretch: Stretch, name: string) => {
    if (isOwn(stretch)) return inFrame(video, own, table, name);
    const { width, height, pixel_aspect } = stretch;
    const shaped: VideoStream = { ...video, width, height, pixel_aspect };
    delete shaped.aperture;
    return inFrame(shaped, framingInto(own.frame, shaped, own.fit), table, name);
  };
  if (others.length === 0) {
    return [chain(`[0:${video.index}]`, `[${label}]`, [...timed, ...framed(only, label)])];
  }
  const names = all.map((_, at) => `${label}${at}`);
  return [
    chain(`[0:${video.index}]`, names.map((name) => `[${name}in]`).join(''), [...timed, `split=${all.length}`]),
    ...all.map((stretch, at) => {
      const [from, to] = [stretch.first, all[at + 1]?.first ?? frames];
      const cut = [`trim=start_frame=${from}:end_frame=${to}`, 'setpts=PTS-STARTPTS'];
      return chain(`[${names[at]}in]`, `[${names[at]}]`, [...cut, ...framed(stretch, `${label}${at}`)]);
    }),
    chain(names.map((name) => `[${name}]`).join(''), `[${label}]`, [
      `concat=n=${all.length}:v=1:a=0`,
      `fps=${rate}`,
      `trim=end_frame=${frames}`,
    ]),
  ];
}

/** One picture for all of a sound: framed once, then repeated. */
export function stillPictures(
  { media: { video }, profile, table = null }: Request,
  { label, frames, rate }: Target,
): string[] {
  const repeated = [
    `loop=loop=${frames - 1}:size=1:start=0`,
    // One tick a picture: the picture's own rate would round times.
    ...[`settb=1/(${rate})`, 'setpts=N', `fps=${rate}`, `trim=end_frame=${frames}`],
  ];
  const framed = inFrame(video, framing(video, profile.frame), table, label);
  return [chain(`[0:${video.index}]`, `[${label}]`, ['trim=end_frame=1', 'setpts=0', ...framed, ...repeated])];
}

/** Upright and scaled as the profile frames it, in the clip's shape and colors. */
function inFrame(video: VideoStream, { frame, scaled, fit }: Framing, table: string | null, name: string): string[] {
  const isTurned = video.rotation % 180 !== 0;
  const { width, height } = isTurned ? { width: scaled.height, height: scaled.width } : scaled;
  const { aperture } = video;
  return [
    ...(aperture ? [`crop=${aperture.width}:${aperture.height}:${aperture.x}:${aperture.y}`] : []),
    // Labels of the graph of colors, which may be there for each stretch.
    ...toSdr(colorOf(video), { width, height }, table).map((filter) => filter.replaceAll('[color_', `[${name}_`)),
    ...upright(video),
    ...(fit === 'pad' ? [pad(frame)] : [`crop=${frame.width}:${frame.height}`]),
    'setsar=1',
    'format=yuv420p',
    color,
  ];
}

export function pad({ width, height }: Size): string {
  return `pad=${width}:${height}:-1:-1:black`;
}
