import { gridOf, wholeFrames } from '../../shared/task/grid.ts';
import type { Media } from '../../shared/task/media.ts';
import { Problem } from '../../shared/task/problem.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { fpsOf } from '../../shared/task/rate.ts';
import { heardSound } from '../clip/args-sound.ts';
import { evened, plainOptions } from '../clip/args.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';

/** Samples that FFmpeg's AAC encoder puts before the sound, to swing in. */
export const encoderDelay = 1024;

/** Whether a video has sound that is made once, for all of its parts. Pure. */
export function hasOwnSound({ join, audio }: Profile, media: Media): boolean {
  return join !== null && audio !== null && media.audio !== null;
}

/** Samples of the whole's sound: as long as its pictures. */
export function wholeSamples(profile: Profile, media: Media): number {
  const grid = gridOf(profile, media);
  return Math.round((wholeFrames(grid) / fpsOf(grid.rate)) * (profile.audio?.sample_rate ?? 0));
}

/**
 * The one FFmpeg command that makes the sound of the whole, in step with the pictures: gaps, a late start and the
 * bumpers become silence. Pure.
 *
 * Players of streams do not skip what the encoder puts before the sound, so a stream's begins that much later in the
 * source: its first 21 ms are silent, and everything after is where it belongs.
 */
export function soundCommand(source: string, media: Media, profile: Profile, to: string, evenSound?: string): Command {
  const { audio } = profile;
  if (!audio || !media.audio) throw new Problem('internal', 'a sound step without sound');
  const grid = gridOf(profile, media);
  const { channels, sample_rate, kbps } = audio;
  const bumper = Math.round((grid.bumper / fpsOf(grid.rate)) * sample_rate);
  const samples = wholeSamples(profile, media);
  const isStream = profile.join === 'hls';
  // What is shorter than what is skipped would have no sound left to encode.
  const length = isStream ? Math.max(samples, 2 * encoderDelay) : samples;
  const skipped = isStream ? [`atrim=start_sample=${encoderDelay}`, 'asetpts=N/SR/TB'] : [];
  const more = [
    ...(bumper > 0 ? [`atrim=end_sample=${samples - 2 * bumper}`, `adelay=delays=${bumper}S:all=1`] : []),
    `apad=whole_len=${length}`,
    `atrim=end_sample=${length}`,
    ...skipped,
  ];
  return {
    inputs: [evenSound === undefined ? sourceInput(source, media) : evenInput(evenSound)],
    filters: heardSound(0, audio, evened(media.audio, { evenSound }), media.starts_at + grid.origin, more),
    options: [
      ...['-map', '[heard]', '-c:a', 'aac', '-b:a', `${kbps}k`, '-ar', `${sample_rate}`, '-ac', `${channels}`],
      ...['-flags:a', '+bitexact', '-vn', ...plainOptions, '-f', 'mp4'],
    ],
    output: fileAddress(to),
  };
}

export function sourceInput(source: string, { container }: Media) {
  const flags = ['-copyts', '-threads', '1', '-reinit_filter:a', '0', ...userFileFlags(container), '-vn', '-sn', '-dn'];
  return { address: fileAddress(source), options: flags };
}

export function evenInput(evenSound: string) {
  return { address: fileAddress(evenSound), options: ['-copyts', '-f', 'nut', '-protocol_whitelist', 'file'] };
}
