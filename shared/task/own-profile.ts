import type { z } from 'zod';
import { profileSchema, type Profile } from './profile.ts';

/** What owners may ask for on the operator's machines. The catalogue may go beyond. */
const BOUNDS = { width: 3840, height: 3840, fps: 60, crf: 12, partSeconds: 10, bumperSeconds: 10 };

/** Time to encode a pixel against `veryfast`. Measured with x264 at 720p, `crf` 21. */
export const PRESET_TIMES: Readonly<Record<Profile['video']['preset'], number>> = {
  ultrafast: 0.4,
  superfast: 0.75,
  veryfast: 1,
  faster: 1.85,
  fast: 2.3,
  medium: 2.6,
  slow: 3.9,
};

/** What `source` may come to, in pictures a second. */
const SOURCE_FPS = 60;
/** Pixels of a part, weighted by preset: four times those of the catalogue's dearest, 20 s of 1080p. */
const MOST_OF_A_PART = 4 * 1920 * 1080 * SOURCE_FPS * 20;

/** Below this a part costs more to begin than to make. */
const SHORTEST = `at least ${BOUNDS.partSeconds} seconds`;

const LESS_WORK = 'Take shorter parts, a smaller frame, fewer pictures a second or a faster preset';

/** A profile of an owner's own: like one of the catalogue, within bounds that keep its cost sane. Pure. */
export const ownProfileSchema = profileSchema.superRefine((profile, ctx) => {
  const wrong = (path: string[], message: string) => ctx.addIssue({ code: 'custom', path, message });
  const { frame, video, bumper, fps } = profile;
  const [width, height] = frame.fit === 'pad' ? [frame.width, frame.height] : [frame.max_width, frame.max_height];
  if (!within(width, BOUNDS.width) || !within(height, BOUNDS.height))
    wrong(['frame'], `both sides from 16 to ${BOUNDS.width} pixels`);
  if (typeof fps === 'number' && fps > BOUNDS.fps) wrong(['fps'], `at most ${BOUNDS.fps}`);
  if (video.crf < BOUNDS.crf) wrong(['video', 'crf'], `at least ${BOUNDS.crf}`);
  if (profile.part_seconds < BOUNDS.partSeconds) wrong(['part_seconds'], SHORTEST);
  const work =
    width * height * (fps === 'source' ? SOURCE_FPS : fps) * PRESET_TIMES[video.preset] * profile.part_seconds;
  if (work > MOST_OF_A_PART) {
    const times = (Math.ceil((10 * work) / MOST_OF_A_PART) / 10).toFixed(1);
    wrong(['part_seconds'], `a part is ${times} times the work allowed. ${LESS_WORK}`);
  }
  if (bumper && bumper.seconds > BOUNDS.bumperSeconds) wrong(['bumper', 'seconds'], `at most ${BOUNDS.bumperSeconds}`);
});

/** @returns what is wrong with the pictures and the name of a profile, or null. Pure */
export function problemOfOwn(
  profile: z.infer<typeof ownProfileSchema>,
  catalog: ReadonlyMap<string, Profile>,
): string | null {
  if (catalog.has(profile.name)) return `name: ${profile.name} is a profile of the catalogue. Take another.`;
  const images = new Set([...catalog.values()].flatMap(imagesOf));
  const unknown = imagesOf(profile).find((image) => !images.has(image));
  return unknown === undefined ? null : `image: there is no ${unknown}. There are: ${[...images].join(', ')}.`;
}

function imagesOf({ bumper, watermark }: Profile): string[] {
  return [bumper, watermark].flatMap((part) => (part ? [part.image] : []));
}

function within(pixels: number, most: number): boolean {
  return pixels >= 16 && pixels <= most;
}
