import { z } from 'zod';
import type { Hdr, Scan, Track } from '../../shared/task/media.ts';
import { warningCodes, type WarningCode } from '../../shared/task/warnings.ts';

/** What is told of a source: what it is, which of its tracks were used, and what was left out or assumed. */
const hdr = ['hlg', 'pq', 'dolby_vision'] as const satisfies readonly Hdr[];
const scan = ['progressive', 'interlaced', 'telecine'] as const satisfies readonly Scan[];
const kinds = ['video', 'audio', 'subtitle', 'data', 'attachment'] as const satisfies readonly Track['kind'][];

const named = (what: string) =>
  z
    .string()
    .nullable()
    .describe(`${what} as FFmpeg names them, for example \`bt709\`; null where the file does not say.`);

const video = z.object({
  codec: z.string(),
  width: z.int().describe('Stored pixels, before rotation.'),
  height: z.int(),
  rotation: z.number().describe('Degrees clockwise that turn the stored picture upright.'),
  mirrored: z.boolean().describe('The stored picture is mirrored left to right, before it is turned.'),
  pixel_aspect: z.number().describe('Width of a stored pixel by its height (SAR); 1 for square pixels.'),
  fps: z.number().describe('Mean pictures per second.'),
  scan: z
    .enum(scan)
    .describe('How the pictures were taken, as measured: `interlaced` in fields, `telecine` film spread over fields.'),
  hdr: z.enum(hdr).nullable().describe('What makes it HDR; null for SDR.'),
  color: z.object({
    primaries: named('Primaries'),
    transfer: named('Transfer characteristics'),
    matrix: named('Matrix coefficients'),
    range: z.enum(['limited', 'full']).nullable().describe('null where the file does not say.'),
  }),
  still: z
    .enum(['cover', 'ours'])
    .nullable()
    .describe('The file is sound alone, shown with one picture: its cover, or one of ours. null for a video.'),
});

const loudness = z
  .object({
    integrated: z.number().describe('LUFS of the source, by EBU R 128.'),
    true_peak: z.number().describe('dBTP of the source.'),
    gain_db: z.number().describe('dB that were added.'),
    limited: z.boolean().describe('Its loudest moments were limited to -1 dBTP.'),
  })
  .nullable()
  .describe('What was done to reach the `loudness` of the profile; null where it asks for none.');

const audio = z
  .object({
    index: z.int().describe('Number of the stream in the file.'),
    codec: z.string(),
    channels: z.int(),
    layout: z
      .array(z.string())
      .nullable()
      .describe('Its channels in their order, for example `["FL","FR"]`; null where the file does not say.'),
    right_index: z
      .int()
      .nullable()
      .describe('Stream of the right channel, where left and right are two tracks; else null.'),
    sample_rate: z.int(),
    loudness,
  })
  .nullable()
  .describe('The sound that was used; null where there is none.');

const track = z.object({
  index: z.int().describe('Number of the stream in the file.'),
  kind: z.enum(kinds),
  codec: z.string(),
  language: z.string().nullable().describe('As the file says it, for example `eng`.'),
  default: z.boolean().describe('The file says to play it by default.'),
  chosen: z.boolean().describe('Whether it was used.'),
  why: z.string().describe('Why it was used or not, in words.'),
});

export const mediaSchema = z
  .object({
    container: z.string(),
    bytes: z.int(),
    seconds: z.number().describe('Until the last picture or the last sound ends, whichever is later.'),
    video,
    audio,
    tracks: z.array(track).describe('All tracks of the file; empty for tasks of before this was told.'),
  })
  .meta({ id: 'Media' });

export const warningSchema = z
  .object({ code: z.enum(Object.keys(warningCodes) as [WarningCode, ...WarningCode[]]), message: z.string() })
  .meta({ id: 'Warning' });
