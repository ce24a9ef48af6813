import type { VideoStream } from '../../shared/task/media.ts';
import { bodyFrames, bumperFrames } from '../../shared/task/plan.ts';
import type { FixedProfile } from '../../shared/task/grid.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { framing, type Size } from './frame.ts';
import type { FixedRequest } from './args.ts';

/** The chains of a clip's filter graph, one function each. Pure. Labels: body, heard, bumper, silence, pictures, sound. */

export type Sound = NonNullable<Profile['audio']> & { index: number };

/** Everything becomes the color that HD players assume, said in the stream and true of its pixels. */
export const color = 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709';
export const toHdColor = 'out_color_matrix=bt709:out_range=tv';

/**
 * The part's pictures: exactly as many as planned, at the profile's rate, the first one that which shows when the part
 * starts. Its last picture is repeated only for as long as the scan saw it held, and 2 more: a source that ends early
 * gives a clip that is short, and is noticed.
 * @param begin time stamp in the file at which the part begins, in seconds
 */
export function bodyPictures({ input, media, profile }: FixedRequest, begin: number, label: string): string {
  const held = Math.ceil((input.part.end - input.last_picture_at) * profile.fps) + 2;
  return chain(`[0:${media.video.index}]`, `[${label}]`, [
    `setpts=PTS-${begin}/TB`,
    // Rounded up at its end, or a source of one short picture would have none.
    `fps=${profile.fps}:start_time=0:eof_action=pass`,
    `tpad=stop_mode=clone:stop=${held}`,
    `trim=end_frame=${bodyFrames(input.part, profile.fps)}`,
    ...framed(media.video, profile.frame),
  ]);
}

/** Upright and scaled as the profile frames it, in the clip's shape and colors. */
export function framed(video: VideoStream, into: Profile['frame']): string[] {
  const { frame, scaled, fit } = framing(video, into);
  return [
    `scale=${scaled.width}:${scaled.height}:flags=bicubic:${matrixOf(video)}${toHdColor}`,
    ...(fit === 'pad' ? [pad(frame)] : [`crop=${frame.width}:${frame.height}`]),
    'setsar=1',
    'format=yuv420p',
    color,
  ];
}

/** A file that does not name its color matrix has the one of its size: HD or that of television before. */
function matrixOf({ color_space, height, width, pixel_format }: VideoStream): string {
  if (color_space !== null || /rgb|gbr|bgr/.test(pixel_format)) return '';
  return `in_color_matrix=${Math.min(width, height) >= 720 ? 'bt709' : 'smpte170m'}:`;
}

/** Lays the watermark over the part, at the top right. */
export function watermarked(input: number, mark: NonNullable<Profile['watermark']>, frame: Size): string[] {
  const width = Math.max(2, 2 * Math.round((frame.width * mark.width_percent) / 200));
  const margin = Math.round((frame.width * mark.margin_percent) / 100);
  return [
    chain(`[${input}:0]`, '[mark]', [`scale=${width}:-1:flags=bicubic:${toHdColor}`, 'format=yuva420p']),
    `[plain][mark]overlay=x=main_w-overlay_w-${margin}:y=${margin}:format=yuv420,${color}[body]`,
  ];
}

/**
 * The part's sound in step with its pictures and exactly as long: gaps and a late start become silence.
 * @param seconds length of the part's pictures
 */
export function bodySound(input: number, sound: Sound, begin: number, seconds: number): string {
  const samples = Math.round(seconds * sound.sample_rate);
  return chain(`[${input}:${sound.index}]`, '[heard]', [
    `asetpts=PTS-${begin}/TB`,
    `aresample=${sound.sample_rate}:async=1:first_pts=0`,
    soundFormat(sound),
    `apad=whole_len=${samples}`,
    `atrim=end_sample=${samples}`,
  ]);
}

/** The bumper twice, from one still: scaled once, the same picture repeated, never stretched. */
export function bumperPictures(input: number, frame: Size, profile: Pick<FixedProfile, 'bumper' | 'fps'>): string {
  const frames = bumperFrames(profile);
  return chain(`[${input}:0]`, '[before][after]', [
    `scale=${frame.width}:${frame.height}:force_original_aspect_ratio=decrease:flags=bicubic:${toHdColor}`,
    pad(frame),
    'setsar=1',
    'format=yuv420p',
    color,
    `loop=loop=${frames - 1}:size=1:start=0`,
    // One tick a picture: the picture's own 25 a second would round times, and lose a picture at the end.
    `settb=1/${profile.fps}`,
    'setpts=N',
    `fps=${profile.fps}`,
    `trim=end_frame=${frames}`,
    'split=2',
  ]);
}

/** A part after the end of the source's sound. @param seconds length of the part's pictures */
export function bodySilence(sound: Sound, seconds: number): string {
  return `${silence(sound, seconds)}[heard]`;
}

/** Silence for the bumpers. @param seconds length of one bumper */
export function bumperSound(sound: Sound, seconds: number): string {
  return `${silence(sound, seconds)},asplit=2[quiet][still]`;
}

/** Bumper, body, bumper. */
export function joined(hasSound: boolean): string {
  return hasSound
    ? '[before][quiet][body][heard][after][still]concat=n=3:v=1:a=1[pictures][sound]'
    : '[before][body][after]concat=n=3:v=1:a=0[pictures]';
}

function silence(sound: Sound, seconds: number): string {
  const layout = sound.channels === 1 ? 'mono' : 'stereo';
  const source = `anullsrc=r=${sound.sample_rate}:cl=${layout}`;
  return `${source},${soundFormat(sound)},atrim=end_sample=${Math.round(seconds * sound.sample_rate)}`;
}

export function soundFormat({ sample_rate, channels }: Sound): string {
  const layout = channels === 1 ? 'mono' : 'stereo';
  return `aformat=sample_fmts=fltp:sample_rates=${sample_rate}:channel_layouts=${layout}`;
}

export function pad({ width, height }: Size): string {
  return `pad=${width}:${height}:-1:-1:black`;
}

export function chain(from: string, to: string, filters: string[]): string {
  return `${from}${filters.join(',')}${to}`;
}
