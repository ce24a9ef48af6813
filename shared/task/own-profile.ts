import type { z } from 'zod';
import { profileSchema, type Profile } from './profile.ts';

/** What owners may ask for on the operator's machines. The catalogue may go beyond. */
const BOUNDS = { width: 3840, height: 3840, fps: 60, crf: 12, partSeconds: 10, bumperSeconds: 10 };

/** Below this a part costs more to begin than to make. */
const SHORTEST = `at least ${BOUNDS.partSeconds} seconds`;

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
