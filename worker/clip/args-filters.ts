import { bodyFrames, bumperFrames } from '../../shared/task/plan.ts';
import type { FixedProfile } from '../../shared/task/grid.ts';
import type { Profile } from '../../shared/task/profile.ts';
import type { FixedRequest } from './args.ts';
import { color, framedPictures, pad, stillPictures, toHdColor } from './args-frame.ts';
import { chain } from './chain.ts';
import type { Size } from './frame.ts';
import { timeOfPicture, wholePictures } from './pictures.ts';
import { stretches } from './shapes.ts';

/** The chains of a clip's filter graph, one function each. Pure. Labels: body, heard, bumper, silence, pictures, sound. */

/**
 * The part's pictures: exactly as many as planned, at the profile's rate, the first one that which shows when the part
 * starts. Its last picture is repeated only for as long as the scan saw it held, and 2 more: a source that ends early
 * gives a clip that is short, and is noticed.
 * @param begin time stamp in the file at which the part begins, in seconds
 */
export function bodyPictures(request: FixedRequest, begin: number, label: string): string[] {
  const { input, media, profile, shapes = [] } = request;
  const frames = bodyFrames(input.part, profile.fps);
  const placeOf = (time: number) => Math.round((time - begin) * profile.fps);
  const target = { label, frames, stretches: stretches(media.video, shapes, placeOf, frames), rate: `${profile.fps}` };
  if (media.video.still) return stillPictures(request, target);
  const held = Math.ceil((input.part.end - input.last_picture_at) * profile.fps) + 2;
  // Where one picture shows all through, it is the last that comes, and none comes after it to end it.
  const from = input.pictures === 0 ? media.starts_at + input.first_picture_at : begin;
  const placed = input.retimed
    ? ['settb=1/1000000', `setpts='${timeOfPicture(request)}-${Math.round(from * 1e6)}'`]
    : [`setpts=PTS-${from}/TB`];
  const timed = [
    ...wholePictures(request),
    ...placed,
    // Rounded up at its end, or a source of one short picture would have none.
    `fps=${profile.fps}:start_time=0:eof_action=pass`,
    `tpad=stop_mode=clone:stop=${held}`,
    `trim=end_frame=${frames}`,
  ];
  return framedPictures(request, timed, target);
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

/** Bumper, body, bumper. */
export function joined(hasSound: boolean): string {
  return hasSound
    ? '[before][quiet][body][heard][after][still]concat=n=3:v=1:a=1[pictures][sound]'
    : '[before][body][after]concat=n=3:v=1:a=0[pictures]';
}
