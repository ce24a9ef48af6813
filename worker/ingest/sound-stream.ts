import type { AudioStream } from '../../shared/task/media.ts';
import { named, numberIn, type Stream } from './streams.ts';

/** A stream of sound as its header says. */
export type SoundHead = Omit<AudioStream, 'ends_at' | 'gain' | 'right_index'> & {
  /** Time stamp of its first sound, where the header says; an edit list may begin inside a packet. */
  begins_at: number | null;
  language: string | null;
  isDefault: boolean;
  /** A commentary or description, beside the sound that belongs to the pictures. */
  isAside: boolean;
};

/** Reads ffprobe's description of a stream of sound; without channels it cannot be decoded here. Pure. */
export function readSound(stream: Stream): SoundHead {
  const { index, codec_name = 'unknown', channels = 0, sample_rate, disposition = {}, tags } = stream;
  const asides = ['comment', 'descriptions', 'visual_impaired', 'karaoke'];
  return {
    ...{ index, codec: codec_name, channels, sample_rate: numberIn(sample_rate) ?? 0 },
    layout: channelsOf(named(stream.channel_layout), channels),
    begins_at: numberIn(stream.start_time),
    language: languageOf(tags?.language),
    isDefault: disposition.default === 1,
    isAside: asides.some((name) => disposition[name] === 1),
  };
}

/** `und` means that the file does not say. */
export function languageOf(given: string | undefined): string | null {
  return given === undefined || given === '' || given === 'und' ? null : given.slice(0, 35);
}

/** FFmpeg's layouts by name, as far as files bring them (libavutil/channel_layout.c). */
const layouts: Readonly<Record<string, string>> = {
  mono: 'FC',
  stereo: 'FL FR',
  downmix: 'FL FR',
  '2.1': 'FL FR LFE',
  '3.0': 'FL FR FC',
  '3.0(back)': 'FL FR BC',
  '4.0': 'FL FR FC BC',
  quad: 'FL FR BL BR',
  'quad(side)': 'FL FR SL SR',
  '3.1': 'FL FR FC LFE',
  '4.1': 'FL FR FC LFE BC',
  '5.0': 'FL FR FC BL BR',
  '5.0(side)': 'FL FR FC SL SR',
  '5.1': 'FL FR FC LFE BL BR',
  '5.1(side)': 'FL FR FC LFE SL SR',
  '6.0': 'FL FR FC BC SL SR',
  hexagonal: 'FL FR FC BL BR BC',
  '6.1': 'FL FR FC LFE BC SL SR',
  '7.0': 'FL FR FC BL BR SL SR',
  '7.1': 'FL FR FC LFE BL BR SL SR',
  '7.1(wide)': 'FL FR FC LFE BL BR FLC FRC',
  '7.1(wide-side)': 'FL FR FC LFE FLC FRC SL SR',
};

/**
 * Names of the channels in their order. FFmpeg lists those of a layout without a name, in two ways by its version:
 * `8 channels (FL+FR+…)` and `FL+FR+…`. Pure.
 * @returns null where that is not known for each
 */
export function channelsOf(layout: string | null, channels: number): string[] | null {
  if (layout === null) return null;
  const listed = /\(?((?:[A-Z]+\d?\+)+[A-Z]+\d?)\)?/.exec(layout)?.[1]?.split('+');
  // W is all directions together, then come left to right, down to up, back to front (ambiX: ACN order).
  if (layout.startsWith('ambisonic')) return Array.from({ length: channels }, (_, at) => 'WYZX'[at] ?? 'other');
  const names = layouts[layout]?.split(' ') ?? listed;
  return names?.length === channels ? names : null;
}
