import type { z } from 'zod';
import type { AudioStream, Media, VideoStream } from '../../shared/task/media.ts';
import type { mediaSchema } from './media-schema.ts';

type Shown = z.input<typeof mediaSchema>;

/** A source as its owner sees it. What tasks of before lack is what it was taken for then. Pure. */
export function viewMedia({ container, bytes, seconds, video, audio, tracks = [] }: Media): Shown {
  return { container, bytes, seconds, video: viewVideo(video), audio: audio && viewAudio(audio), tracks };
}

const ranges = { tv: 'limited', pc: 'full' } as const;

function viewVideo(video: VideoStream): Shown['video'] {
  const { codec, width, height, rotation, fps, pixel_aspect, range } = video;
  const { mirrored = false, scan = 'progressive', hdr = null, still = null, primaries = null, transfer = null } = video;
  const color = { primaries, transfer, matrix: video.color_space, range: range ? ranges[range] : null };
  return { codec, width, height, rotation, mirrored, pixel_aspect, fps, scan, hdr, color, still };
}

function viewAudio(audio: AudioStream): Shown['audio'] {
  const { index, codec, channels, layout = null, sample_rate, gain } = audio;
  const loudness = gain
    ? { integrated: gain.integrated, true_peak: gain.true_peak, gain_db: gain.db, limited: gain.limited }
    : null;
  return { index, codec, channels, layout, right_index: audio.right_index ?? null, sample_rate, loudness };
}
