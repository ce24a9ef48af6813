import { withRate } from '../../shared/task/grid.ts';
import type { Clip, Media } from '../../shared/task/media.ts';
import { clipFrames, type ClipInput } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { framing } from './frame.ts';

/** What was read back from a clip's file. */
export interface Reading {
  bytes: number;
  /** Length by the container, in seconds. */
  seconds: number;
  video: { codec: string; frames: number; width: number; height: number; pixelFormat: string; fps: number } | null;
  audio: { codec: string; channels: number; sampleRate: number; seconds: number } | null;
}

/** What a clip has to be. */
export interface Plan {
  frames: number;
  fps: number;
  width: number;
  height: number;
  audio: { channels: number; sampleRate: number } | null;
}

/** Pictures and seconds that a clip may differ from its plan: rounding in containers, never content. */
const framesOff = 2;
const secondsOff = 0.1;

/** Share of a part's pictures that may be missing: what a player would hardly show. */
const mostDamage = 0.05;

export function clipPlan(input: ClipInput, media: Media, profile: Profile): Plan {
  const { audio } = profile;
  const fixed = withRate(profile, media);
  return {
    frames: clipFrames(input.part, fixed),
    fps: fixed.fps,
    ...framing(media.video, profile.frame).frame,
    audio: audio && media.audio ? { channels: audio.channels, sampleRate: audio.sample_rate } : null,
  };
}

/**
 * Everything in which a clip is not as planned, in words; empty for a right one. Pure.
 * FFmpeg's exit code says little: cut off in the middle, it still ends with 0 and leaves a file that plays.
 */
export function whatIsWrong(reading: Reading, plan: Plan): string[] {
  const { video, audio } = reading;
  if (!video) return ['no pictures'];
  const wrong: string[] = [];
  const compare = (what: string, found: string | number, planned: string | number, most = 0) => {
    const same =
      typeof found === 'number' && typeof planned === 'number' ? Math.abs(found - planned) <= most : found === planned;
    if (!same) wrong.push(`${what}: ${found} instead of ${planned}`);
  };
  const seconds = plan.frames / plan.fps;
  compare('pictures', video.frames, plan.frames, framesOff);
  compare('seconds', reading.seconds, seconds, secondsOff);
  compare('width', video.width, plan.width);
  compare('height', video.height, plan.height);
  compare('pictures a second', video.fps, plan.fps, 0.01);
  compare('codec', video.codec, 'h264');
  compare('pixel format', video.pixelFormat, 'yuv420p');
  compare('sound', audio ? 'there' : 'none', plan.audio ? 'there' : 'none');
  if (audio && plan.audio) {
    compare('sound codec', audio.codec, 'aac');
    compare('channels', audio.channels, plan.audio.channels);
    compare('sample rate', audio.sampleRate, plan.audio.sampleRate);
    compare('seconds of sound', audio.seconds, seconds, secondsOff);
  }
  return wrong;
}

/**
 * Whether so much of a part could not be decoded that its clip shows what was not there. Pure.
 * @param damaged packets of pictures that did not decode
 */
export function isDamaged(damaged: number, { pictures }: Pick<ClipInput, 'pictures'>): boolean {
  return damaged > Math.max(1, mostDamage * pictures);
}

/** The clip that a reading describes. */
export function clipOf({ bytes, seconds, video, audio }: Reading): Clip {
  const { frames = 0, width = 0, height = 0 } = video ?? {};
  return { bytes, seconds, frames, width, height, has_sound: audio !== null };
}
