import { z } from 'zod';

/** What ffprobe tells of a file's streams, and how it is asked. */
export const streamEntries = [
  'stream=index,codec_type,codec_name,codec_tag_string,profile,width,height,sample_aspect_ratio,pix_fmt,color_range,color_space,color_transfer,color_primaries,field_order,r_frame_rate,avg_frame_rate,time_base,start_time,nb_frames,channels,channel_layout,sample_rate',
  'stream_disposition=default,attached_pic,timed_thumbnails,still_image,comment,descriptions,visual_impaired,hearing_impaired,karaoke,dependent',
  'stream_tags=rotate,language',
  'stream_side_data',
  'format=format_name,start_time,duration',
].join(':');

const text = z.string().optional();
const number = z.number().optional();
/** Fractions such as `10000000/10000`, which some versions print as text. */
const fraction = z.union([z.string(), z.number()]).optional();

const sideData = z.object({
  side_data_type: text,
  rotation: number,
  displaymatrix: text,
  dv_profile: number,
  dv_bl_signal_compatibility_id: number,
  max_luminance: fraction,
  max_content: number,
});

export const streamSchema = z.object({
  index: z.int(),
  codec_type: text,
  codec_name: text,
  codec_tag_string: text,
  width: z.int().optional(),
  height: z.int().optional(),
  sample_aspect_ratio: text,
  pix_fmt: text,
  color_range: text,
  color_space: text,
  color_transfer: text,
  color_primaries: text,
  field_order: text,
  r_frame_rate: text,
  avg_frame_rate: text,
  time_base: text,
  start_time: text,
  nb_frames: text,
  channels: z.int().optional(),
  channel_layout: text,
  sample_rate: text,
  disposition: z.record(z.string(), z.int()).optional(),
  tags: z.object({ rotate: text, language: text }).optional(),
  side_data_list: z.array(sideData).optional(),
});
export type Stream = z.infer<typeof streamSchema>;

const formatSchema = z.object({ format_name: z.string(), start_time: text, duration: text });
export type Format = z.infer<typeof formatSchema>;

export const answerSchema = z.object({ streams: z.array(streamSchema), format: formatSchema });

/** From `4:3` or `1/60`; NaN for anything else. Pure. */
export function ratio(given: string | number | undefined): number {
  if (typeof given === 'number') return given;
  const [over = NaN, under = NaN] = (given ?? '').split(/[:/]/).map(Number);
  return over / under;
}

/** What the text begins with, as a number; null where that is none. Pure. */
export function numberIn(given: string | undefined): number | null {
  const value = Number.parseFloat(given ?? '');
  return Number.isFinite(value) ? value : null;
}

/** A name that means something, else null. Pure. */
export function named(given: string | undefined): string | null {
  return given && !/^(unknown|reserved|N\/A|unspecified)$/.test(given) ? given : null;
}
