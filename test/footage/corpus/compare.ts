import type { Expected } from './expected.ts';

/** What came out of a task, as far as it is compared. */
export interface Result {
  status: string;
  /** Code and words of its error. */
  error: { code: string; message: string } | null;
  warnings: string[];
  /** Null where the task tells nothing of it. */
  media: { scan: string | null; hdr: string | null; audioIndex: number | null } | null;
  /** Together, without bumpers, in seconds. */
  seconds: number;
  /** Together, without bumpers, by decoding; null where the rate is not the source's. */
  pictures: number | null;
  hasSound: boolean;
  /** Of the first file, or the largest size. */
  frame: { width: number; height: number } | null;
  files: number;
}

/** A profile as far as outcomes depend on it. */
export interface Recipe {
  /** Whether frames are in the source's own shape, and not cropped or padded. */
  keepsShape: boolean;
  hasSound: boolean;
  /** Only so many seconds of the source, or all. */
  firstSeconds: number | null;
}

/** Longest difference of lengths, in seconds: a picture, a frame of sound, and what containers round. */
const near = 0.1;

/** Pictures a second of what is made, at most. */
const mostFps = 60;

/** In what an outcome is not as expected, in words; nothing where all is right. Pure. */
export function differences(expected: Expected, result: Result, recipe: Recipe): string[] {
  if (expected.unreadable !== null)
    return result.status === 'failed' && result.error?.code.startsWith('source_')
      ? []
      : [`${ending(result)}, though nothing is decoded`];
  if (result.status !== 'succeeded') return [ending(result)];
  return [
    ...lengths(expected, result, recipe),
    ...(recipe.firstSeconds === null ? counts(expected, result) : []),
    ...(recipe.hasSound ? sounds(expected, result) : []),
    ...looks(expected, result, recipe),
  ];
}

function ending({ status, error }: Result): string {
  return error ? `${status}: ${error.code}` : status;
}

function lengths({ pictures, sounds }: Expected, { seconds, media }: Result, recipe: Recipe): string[] {
  const sound = recipe.hasSound ? chosen(sounds, media) : null;
  const begins = Math.min(pictures?.begins ?? Infinity, sound?.begins ?? Infinity);
  const seen = pictures?.ends ?? -Infinity;
  const heard = sound?.ends ?? -Infinity;
  // What encoders add to the end of sound is not held for.
  const all = (heard > seen + near ? heard : seen) - begins;
  const right = Math.min(all, recipe.firstSeconds ?? Infinity);
  // A source whose last picture has no length may be a picture longer.
  const spare = near + (pictures ? 1 / rateOf(pictures) : 0);
  return Math.abs(seconds - right) <= spare ? [] : [`${seconds.toFixed(2)} s instead of ${right.toFixed(2)} s`];
}

/** The track that the service took, for that has its own tests; else the first that is decoded. */
function chosen(sounds: Expected['sounds'], media: Result['media']) {
  const decoded = sounds.filter(({ heard }) => heard !== null);
  const taken = decoded.find(({ index }) => index === media?.audioIndex) ?? decoded[0];
  return taken?.heard ?? null;
}

function rateOf({ count, begins, ends }: NonNullable<Expected['pictures']>): number {
  return count / Math.max(ends - begins, 1e-3);
}

/** Each picture comes once: fewer are lost, and many more are a rate that is wrong. */
function counts({ pictures }: Expected, { pictures: made, seconds, media }: Result): string[] {
  if (!pictures || made === null || media?.scan === 'telecine') return [];
  const fps = rateOf(pictures);
  const isThinned = fps > mostFps + 0.5;
  // Those that are held beside longer sound come on top.
  const held = Math.max(0, seconds - (pictures.ends - pictures.begins)) * Math.min(fps, mostFps);
  const isFew = !isThinned && made < 0.99 * pictures.count - 2;
  const isMany = made > 1.1 * pictures.count + held + 2;
  return isFew || isMany ? [`${made} pictures instead of ${pictures.count}`] : [];
}

function sounds({ sounds }: Expected, { hasSound, warnings }: Result): string[] {
  const isThere = sounds.some(({ heard }) => heard !== null);
  if (isThere && !hasSound) return ['the sound is lost'];
  if (!isThere && hasSound) return ['there is sound, though none is decoded'];
  return sounds.length > 0 && !isThere && !warnings.includes('audio_undecodable')
    ? ['nothing is said of sound that is not decoded']
    : [];
}

function looks({ pictures }: Expected, { frame, media }: Result, { keepsShape }: Recipe): string[] {
  if (!pictures) return [];
  const said: string[] = [];
  if (frame && keepsShape) {
    const times = frame.width / frame.height / (pictures.width / pictures.height);
    if (Math.abs(times - 1) > 0.03) said.push(`${frame.width}×${frame.height} of ${pictures.width}×${pictures.height}`);
  }
  if (media && pictures.hdr && media.hdr === null) said.push(`${pictures.hdr} is not noticed`);
  return said;
}

/** In a few words, for the table. Pure. */
export function tellOutcome(result: Result): string {
  if (result.status !== 'succeeded') return ending(result);
  const { files, seconds, frame, hasSound, warnings } = result;
  const size = frame ? ` ${frame.width}×${frame.height}` : '';
  const told = warnings.length > 0 ? ` (${warnings.join(', ')})` : '';
  return `${files} file${files === 1 ? '' : 's'}, ${seconds.toFixed(2)} s${size}${hasSound ? '' : ', silent'}${told}`;
}
