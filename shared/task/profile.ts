import { z } from 'zod';

/** What can be done with a source that is cut off. */
export const truncatedChoices = ['make', 'refuse'] as const;

/**
 * A profile: a named recipe for clips. Pure.
 * The catalogue's profiles are the JSON files in `profiles/`; adding one is adding a file.
 */
export const profileSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  title: z.string().min(1).max(80),
  description: z.string().min(1).max(400),
  /**
   * What becomes of the parts: null leaves each as a clip of its own, `mp4` joins them to one clip, `hls` to a stream of
   * several sizes. Joined, the bumper stands before the first part and after the last only.
   */
  join: z.enum(['mp4', 'hls']).nullable().default(null),
  /** Copies that tasks of before keep lack it, and mean `make`. */
  on_truncated: z
    .enum(truncatedChoices)
    .default('make')
    .describe(
      'A video that is cut off: `make` makes what is there, with a warning; `refuse` fails with `source_truncated`.',
    ),
  /** Longest part in seconds. */
  part_seconds: z.number().positive().max(600),
  /** Only the first so many seconds of the source; null takes all of it. */
  first_seconds: z.number().positive().nullable(),
  frame: z.discriminatedUnion('fit', [
    /** The largest frame of this shape inside the upright source, never upscaled. */
    z.strictObject({ fit: z.literal('crop'), max_width: z.int().multipleOf(2), max_height: z.int().multipleOf(2) }),
    /** The whole picture in its own shape, made smaller where it is larger than this. */
    z.strictObject({ fit: z.literal('keep'), max_width: z.int().multipleOf(2), max_height: z.int().multipleOf(2) }),
    /** The whole picture inside a fixed frame, black at the sides. */
    z.strictObject({ fit: z.literal('pad'), width: z.int().multipleOf(2), height: z.int().multipleOf(2) }),
  ]),
  /** Pictures a second; `source` keeps the source's own, 60 at most. */
  fps: z.union([z.number().min(1).max(120), z.literal('source')]),
  video: z.strictObject({
    codec: z.literal('h264'),
    preset: z.enum(['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow']),
    crf: z.int().min(0).max(51),
  }),
  /** null makes clips without sound; otherwise a clip has sound where its source has. */
  audio: z
    .strictObject({
      codec: z.literal('aac'),
      kbps: z.int().min(32).max(512),
      sample_rate: z.union([z.literal(44100), z.literal(48000)]),
      channels: z.union([z.literal(1), z.literal(2)]),
      /** -14 is what streaming services ask for, -16 podcasts, -23 European broadcasters (EBU R 128). Lacking means null. */
      loudness: z
        .union([z.literal(-14), z.literal(-16), z.literal(-23)])
        .nullable()
        .default(null)
        .describe(
          'LUFS that the whole sound is brought to, with peaks of -1 dBTP at most; null leaves it as loud as it is.',
        ),
    })
    .nullable(),
  /** A still put before and after each part; `image` is a file in `images/`. */
  bumper: z.strictObject({ image: imageName(), seconds: z.number().positive().max(30) }).nullable(),
  /** A picture laid over the part at the top right; sizes in percent of the frame's width. */
  watermark: z
    .strictObject({
      image: imageName(),
      width_percent: z.number().min(1).max(50),
      margin_percent: z.number().min(0).max(25),
    })
    .nullable(),
});

export type Profile = z.infer<typeof profileSchema>;

function imageName() {
  return z.string().regex(/^[a-z][a-z0-9-]*\.png$/);
}
