import { madeRate, withRate, type FixedProfile } from '../../shared/task/grid.ts';
import type { AudioStream, Media } from '../../shared/task/media.ts';
import { bodyFrames, bumperFrames, type ClipInput } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { ticksOf } from '../../shared/task/rate.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';
import { bodyPictures, bumperPictures, joined, watermarked } from './args-filters.ts';
import { bodySilence, bodySound, bumperSound } from './args-sound.ts';
import { framing } from './frame.ts';
import { seekOption } from './pictures.ts';
import type { Shape } from './shapes.ts';

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
  /** Shapes that its pictures turned out to have, beside that of the header. */
  shapes?: readonly Shape[];
  /** Path of the source's sound in one form all through, where its own changes in the middle. */
  evenSound?: string;
  /** Path of the table that the source's colors go through; null where they need none. */
  table?: string | null;
  /** FFmpeg says the shape of each picture. */
  watched?: boolean;
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
  const sound = media.audio ? profile.audio : null;
  const bumper = profile.bumper && bumperFrames(profile) > 0 ? profile.bumper : null;
  const { watermark } = profile;

  const inputs = [pictureInput(request)];
  // Where the source's sound has ended already, an input for it would have nothing to say what it is.
  const isHeard = media.audio !== null && media.audio.ends_at > input.part.start;
  const source = sound && isHeard ? media.audio : null;
  const soundInput = source ? inputs.push(audioInput(request)) - 1 : -1;
  const bumperInput = bumper ? inputs.push(imageInput(request, bumper.image)) - 1 : -1;
  const watermarkInput = watermark ? inputs.push(imageInput(request, watermark.image)) - 1 : -1;

  const seconds = bodyFrames(input.part, profile.fps) / profile.fps;
  const begin = media.starts_at + input.part.start;
  const filters = [
    ...bodyPictures(request, begin, watermark ? 'plain' : 'body'),
    ...(watermark ? watermarked(watermarkInput, watermark, frame) : []),
    ...(sound && source ? bodySound(soundInput, sound, evened(source, given), begin, seconds) : []),
    ...(sound && !source ? [bodySilence(sound, seconds)] : []),
    ...(bumper ? [bumperPictures(bumperInput, frame, profile)] : []),
    ...(bumper && sound ? [bumperSound(sound, bumperFrames(profile) / profile.fps)] : []),
    ...(bumper ? [joined(sound !== null)] : []),
  ];
  const [pictures, heard] = bumper ? ['[pictures]', '[sound]'] : ['[body]', '[heard]'];
  const maps = ['-map', pictures, ...(sound ? ['-map', heard] : [])];
  const options = [...maps, ...outputOptions(request)];
  return notAlone({ inputs, filters, options, output: fileAddress(to), ...tableRead(given) }, given);
}

/**
 * FFmpeg 5.1 writes the display matrix of a graph's only input into what comes out, and players would turn it again. So
 * where there is one, the source is not the only input. Pure.
 */
export function notAlone(command: Command, request: Pick<ClipRequest, 'media' | 'image'>): Command {
  const { rotation, mirrored = false } = request.media.video;
  if (command.inputs.length > 1 || (rotation === 0 && !mirrored)) return command;
  const inputs = [...command.inputs, imageInput(request, 'sound.png')];
  return { ...command, inputs, filters: [...command.filters, '[1:0]nullsink'] };
}

export function pictureInput(request: ClipRequest) {
  const { source, input, media, threads } = request;
  if (media.video.still === 'ours') {
    const { address, options } = imageInput(request, 'sound.png');
    return { address, options: ['-copyts', ...options] };
  }
  const options = [
    ...['-copyts', '-max_error_rate', '0.05', '-filter_complex_threads', `${threads}`],
    ...['-threads', `${threads}`, '-noautorotate', ...userFileFlags(media.container)],
    // A new filter graph would start the clip over: what changes in the middle is followed by ours.
    ...['-reinit_filter:v', '0', '-an', '-sn', '-dn'],
    ...seekOption(input.seek_to, media),
  ];
  return { address: fileAddress(source), options };
}

/** The sound as it is to be found: in the source, or in the file that was made of it. Pure. */
export function evened(audio: AudioStream, { evenSound }: Pick<ClipRequest, 'evenSound'>): AudioStream {
  if (evenSound === undefined) return audio;
  const one: AudioStream = { ...audio, index: 0, channels: 2, layout: ['FL', 'FR'] };
  delete one.right_index;
  return one;
}

function audioInput({ source, media, input: { part }, evenSound }: ClipRequest) {
  if (evenSound !== undefined)
    return { address: fileAddress(evenSound), options: ['-f', 'nut', '-protocol_whitelist', 'file'] };
  const seek = part.start > soundLead ? seekOption(part.start - soundLead, media) : [];
  // Sound that changes its form in the middle must not start the graph over either: FFmpeg says so, and gives up.
  const options = [
    '-threads',
    '1',
    '-reinit_filter:a',
    '0',
    ...userFileFlags(media.container),
    '-vn',
    '-sn',
    '-dn',
    ...seek,
  ];
  return { address: fileAddress(source), options };
}

/** What FFmpeg reads beside its inputs. */
export function tableRead({ table }: Pick<ClipRequest, 'table'>): { alsoReads?: string[] } {
  return table ? { alsoReads: [table] } : {};
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
