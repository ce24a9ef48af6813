import type { AudioStream } from '../../shared/task/media.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { chain } from './chain.ts';
import { mixed } from './mix.ts';

/** The chains of a clip's sound, one function each. Pure. Labels: heard, quiet, still. */

export type Sound = NonNullable<Profile['audio']>;

/**
 * What of the source's sound is used, as one stream in the profile's form, in step with the pictures: a late start and
 * gaps become silence. Two tracks that are left and right are put in step each before they are joined.
 * @param input number of the input that has it
 * @param begin time stamp in the file at which it begins, in seconds
 */
export function heardSound(input: number, sound: Sound, audio: AudioStream, begin: number, more: string[]): string[] {
  const inStep = [`asetpts=PTS-${begin}/TB`];
  const resampled = `aresample=${sound.sample_rate}:async=1:min_hard_comp=${shortestGap}:first_pts=0`;
  const loud = loudness(audio, sound);
  if (audio.right_index === undefined) {
    const whole = [...inStep, ...mixed(audio, sound.channels), resampled, soundFormat(sound), ...loud, ...more];
    return [chain(`[${input}:${audio.index}]`, '[heard]', whole)];
  }
  const mono = 'aformat=sample_fmts=fltp:channel_layouts=mono';
  return [
    chain(`[${input}:${audio.index}]`, '[left]', [...inStep, resampled, mono, 'apad']),
    chain(`[${input}:${audio.right_index}]`, '[right]', [...inStep, resampled, mono, 'apad']),
    // Ends with the whole, by what comes after.
    chain('[left][right]', '[heard]', ['amerge=inputs=2', soundFormat(sound), ...loud, ...more]),
  ];
}

/** Seconds without sound that become silence; what is shorter is made up for by stretching, a sample a second. */
const shortestGap = 0.02;

/** dB of full scale: encoding adds up to one, and no more than -1 may come out. */
const limit = -2;

/** As loud as asked for: by one factor for all of it, and where its peaks would clip, by limiting those. */
function loudness({ gain }: AudioStream, { sample_rate }: Sound): string[] {
  if (!gain) return [];
  const louder = `volume=${gain.db.toFixed(2)}dB`;
  if (!gain.limited) return [louder];
  // What lies between two samples can be higher than both: four times as many are looked at (ITU-R BS.1770, annex 2).
  const limited = `alimiter=limit=${(10 ** (limit / 20)).toFixed(4)}:attack=5:release=50:level=disabled`;
  return [louder, `aresample=${4 * sample_rate}`, limited, `aresample=${sample_rate}`, 'aformat=sample_fmts=fltp'];
}

/**
 * The part's sound, exactly as long as its pictures.
 * @param seconds length of the part's pictures
 */
export function bodySound(input: number, sound: Sound, audio: AudioStream, begin: number, seconds: number): string[] {
  const samples = Math.round(seconds * sound.sample_rate);
  return heardSound(input, sound, audio, begin, [`apad=whole_len=${samples}`, `atrim=end_sample=${samples}`]);
}

/** A part after the end of the source's sound. @param seconds length of the part's pictures */
export function bodySilence(sound: Sound, seconds: number): string {
  return `${silence(sound, seconds)}[heard]`;
}

/** Silence for the bumpers. @param seconds length of one bumper */
export function bumperSound(sound: Sound, seconds: number): string {
  return `${silence(sound, seconds)},asplit=2[quiet][still]`;
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
