import { madeRate, withRate, type FixedProfile } from '../../shared/task/grid.ts';
import type { Media } from '../../shared/task/media.ts';
import { bodyFrames, bumperFrames, type ClipInput } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { ticksOf } from '../../shared/task/rate.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';
import {
  bodyPictures,
  bodySilence,
  bodySound,
  bumperPictures,
  bumperSound,
  joined,
  watermarked,
} from './args-filters.ts';
import { framing } from './frame.ts';

export interface ClipRequest {
  /** Path of the source. */
  source: string;
  input: ClipInput;
  media: Media;
  profile: Profile;
  /** Path of an image that the profile names. */
  image: (name: string) => string;
  /** Path of the clip. */
  to: string;
  threads: number;
  /** Largest clip in bytes; FFmpeg stops there, and the clip is found to be too short. */
  mostBytes: number;
}

/** The same, with the rate of its pictures known. */
export type FixedRequest = ClipRequest & { profile: FixedProfile };

/** How far before its part the sound is read: decoders of sound need a moment to swing in. */
const soundLead = 1;

/**
 * The one FFmpeg command that makes a clip. Pure.
 *
 * Pictures and sound are read through two inputs, each from where it needs to start: together, whichever is stored
 * later in the file would make FFmpeg hold the other in memory, or read on to the end for sound that never comes.
 * Time stamps stay as they are in the file (`-copyts`), for that is what the packet scan saw; FFmpeg's own
 * corrections differ by version and by which streams are used.
 */
export function clipCommand(given: ClipRequest): Command {
  const request = { ...given, profile: withRate(given.profile, given.media) };
  const { input, media, profile, to } = request;
  const { frame } = framing(media.video, profile.frame);
  const sound = profile.audio && media.audio ? { ...profile.audio, index: media.audio.index } : null;
  const bumper = profile.bumper && bumperFrames(profile) > 0 ? profile.bumper : null;
  const { watermark } = profile;

  const inputs = [pictureInput(request)];
  // Where the source's sound has ended already, an input for it would have nothing to say what it is.
  const isHeard = media.audio !== null && media.audio.ends_at > input.part.start;
  const soundInput = sound && isHeard ? inputs.push(audioInput(request)) - 1 : -1;
  const bumperInput = bumper ? inputs.push(imageInput(request, bumper.image)) - 1 : -1;
  const watermarkInput = watermark ? inputs.push(imageInput(request, watermark.image)) - 1 : -1;

  const seconds = bodyFrames(input.part, profile.fps) / profile.fps;
  const begin = media.starts_at + input.part.start;
  const filters = [
    bodyPictures(request, begin, watermark ? 'plain' : 'body'),
    ...(watermark ? watermarked(watermarkInput, watermark, frame) : []),
    ...(sound && isHeard ? [bodySound(soundInput, sound, begin, seconds)] : []),
    ...(sound && !isHeard ? [bodySilence(sound, seconds)] : []),
    ...(bumper ? [bumperPictures(bumperInput, frame, profile)] : []),
    ...(bumper && sound ? [bumperSound(sound, bumperFrames(profile) / profile.fps)] : []),
    ...(bumper ? [joined(sound !== null)] : []),
  ];
  const [pictures, heard] = bumper ? ['[pictures]', '[sound]'] : ['[body]', '[heard]'];
  const maps = ['-map', pictures, ...(sound ? ['-map', heard] : [])];
  return { inputs, filters, options: [...maps, ...outputOptions(request)], output: fileAddress(to) };
}

export function pictureInput({ source, input, media, threads }: ClipRequest) {
  const options = [
    ...['-copyts', '-max_error_rate', '0.05', '-filter_complex_threads', `${threads}`],
    ...['-threads', `${threads}`, ...userFileFlags(media.container)],
    // The scale filter follows a picture that changes its size; a new filter graph would start the clip over.
    ...['-reinit_filter:v', '0', '-an', '-sn', '-dn'],
    ...(input.seek_to === null ? [] : ['-ss', `${input.seek_to}`]),
  ];
  return { address: fileAddress(source), options };
}

function audioInput({ source, media, input: { part } }: ClipRequest) {
  const seek = part.start > soundLead ? ['-ss', `${part.start - soundLead}`] : [];
  const options = ['-threads', '1', ...userFileFlags(media.container), '-vn', '-sn', '-dn', ...seek];
  return { address: fileAddress(source), options };
}

export function imageInput({ image }: Pick<ClipRequest, 'image'>, name: string) {
  return { address: fileAddress(image(name)), options: ['-f', 'png_pipe'] };
}

/** How pictures are encoded. @param keyEvery pictures from one key picture to the next, at most */
export function pictureOptions(video: Profile['video'], keyEvery: number, threads: number): string[] {
  return [
    ...['-c:v', 'libx264', '-preset', video.preset, '-crf', `${video.crf}`, '-profile:v', 'high'],
    ...['-pix_fmt', 'yuv420p', '-threads', `${threads}`, '-fps_mode', 'passthrough'],
    // Clips of one profile have the same parameters throughout and stand alone, so that they can be joined by copying.
    ...['-g', `${keyEvery}`, '-flags:v', '+cgop+bitexact'],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
  ];
}

/** Nothing of the source's makers, places or chapters goes on to the clip. */
export const plainOptions = ['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn', '-fflags', '+bitexact'];

function outputOptions({ profile, media, threads, mostBytes }: FixedRequest): string[] {
  const { video, audio, fps } = profile;
  const soundOptions =
    audio && media.audio
      ? ['-c:a', 'aac', '-b:a', `${audio.kbps}k`, '-ar', `${audio.sample_rate}`, '-ac', `${audio.channels}`]
      : ['-an'];
  return [
    ...pictureOptions(video, Math.round(2 * fps), threads),
    ...(soundOptions[0] === '-an' ? soundOptions : [...soundOptions, '-flags:a', '+bitexact']),
    ...plainOptions,
    ...['-video_track_timescale', `${ticksOf(madeRate(profile, media)).timescale}`, '-movflags', '+faststart'],
    ...['-fs', `${mostBytes}`, '-f', 'mp4'],
  ];
}
