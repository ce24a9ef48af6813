import { z } from 'zod';
import type { AudioStream, VideoStream } from '../../shared/task/media.ts';
import { Problem } from '../../shared/task/problem.ts';
import type { Claims } from './timeline.ts';

/** What ffprobe is asked for. */
export const streamEntries = [
  'stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,pix_fmt,color_space,time_base,nb_frames,channels,sample_rate',
  'stream_disposition=attached_pic,timed_thumbnails',
  'stream_tags=rotate',
  'stream_side_data=rotation',
  'format=format_name,start_time,duration',
].join(':');

const text = z.string().optional();
const streamSchema = z.object({
  index: z.int(),
  codec_type: text,
  codec_name: text,
  width: z.int().optional(),
  height: z.int().optional(),
  sample_aspect_ratio: text,
  pix_fmt: text,
  color_space: text,
  time_base: text,
  nb_frames: text,
  channels: z.int().optional(),
  sample_rate: text,
  disposition: z.record(z.string(), z.int()).optional(),
  tags: z.object({ rotate: text }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});
type Stream = z.infer<typeof streamSchema>;

const formatSchema = z.object({ format_name: z.string(), start_time: text, duration: text });
type Format = z.infer<typeof formatSchema>;

const answerSchema = z.object({
  streams: z.array(streamSchema),
  format: formatSchema,
});

/** What the header of a source says; times come from the scan. */
export interface Header {
  container: string;
  startsAt: number;
  video: Omit<VideoStream, 'fps'>;
  audio: Omit<AudioStream, 'ends_at'> | null;
  claims: Omit<Claims, 'sawEndMissing'>;
}

/**
 * Reads ffprobe's description of a source. Pure.
 * @throws Problem source_no_picture, source_not_video
 */
export function readHeader(json: unknown): Header {
  const { data } = answerSchema.safeParse(json);
  if (!data || data.streams.length === 0) throw new Problem('source_not_video', 'ffprobe finds no streams');
  const audio = data.streams.find((stream) => stream.codec_type === 'audio' && (stream.channels ?? 0) > 0);
  const video = data.streams.find(isRealVideo);
  if (!video) throw new Problem(audio ? 'source_no_picture' : 'source_not_video', 'no stream of pictures');
  const container = data.format.format_name;
  return {
    container,
    startsAt: numberIn(data.format.start_time) ?? 0,
    video: videoStream(video),
    audio: audio ? audioStream(audio) : null,
    claims: claims(video, data.format),
  };
}

function claims({ nb_frames, time_base }: Stream, { format_name: container, duration }: Format): Header['claims'] {
  const frames = numberIn(nb_frames) || null;
  // The count in an AVI is one of ticks, many of them without a picture; ffprobe fits its duration to what is there.
  if (container === 'avi') return { container, frames: null, seconds: frames && frames * (ratio(time_base) || NaN) };
  return { container, frames, seconds: numberIn(duration) };
}

/** Not the cover of an album, nor the preview pictures of a camera. */
function isRealVideo({ codec_type, disposition }: Stream): boolean {
  return codec_type === 'video' && !disposition?.attached_pic && !disposition?.timed_thumbnails;
}

function videoStream(stream: Stream): Omit<VideoStream, 'fps'> {
  const { width = 0, height = 0, codec_name = 'unknown', pix_fmt = 'unknown', color_space } = stream;
  if (width < 1 || height < 1) throw new Problem('source_unsupported', `${codec_name} without a picture size`);
  return {
    index: stream.index,
    codec: codec_name,
    width,
    height,
    rotation: rotation(stream),
    pixel_aspect: pixelAspect(stream.sample_aspect_ratio),
    pixel_format: pix_fmt,
    color_space: color_space && !/^(unknown|reserved)$/.test(color_space) ? color_space : null,
  };
}

function audioStream({
  index,
  codec_name = 'unknown',
  channels = 0,
  sample_rate,
}: Stream): Omit<AudioStream, 'ends_at'> {
  return { index, codec: codec_name, channels, sample_rate: numberIn(sample_rate) ?? 0 };
}

/** The display matrix counts degrees counterclockwise; the older `rotate` tag counts clockwise. */
function rotation({ side_data_list = [], tags }: Stream): number {
  const matrix = side_data_list.find((data) => data.rotation !== undefined)?.rotation;
  const clockwise = matrix === undefined ? (numberIn(tags?.rotate) ?? 0) : -matrix;
  const turned = ((Math.round(clockwise) % 360) + 360) % 360;
  // Anything but a quarter turn is a joke of the file's maker. FFmpeg turns such a picture inside its frame.
  return turned % 90 === 0 ? turned : 0;
}

/** From `4:3`. `0:1` means that the file does not say; what no camera makes is taken as square. */
function pixelAspect(text: string | undefined): number {
  const aspect = ratio(text);
  return aspect >= 1 / 8 && aspect <= 8 ? aspect : 1;
}

/** From `4:3` or `1/60`; NaN for anything else. */
function ratio(text: string | undefined): number {
  const [over = NaN, under = NaN] = (text ?? '').split(/[:/]/).map(Number);
  return over / under;
}

function numberIn(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
}
