import { isDeepStrictEqual } from 'node:util';
import type { Case, Made, ProfileName, Refused } from './case.ts';
import { judgeShapes } from './judge-shapes.ts';
import { judgeSound } from './judge-sound.ts';
import { watch, type Watched } from './measure.ts';
import type { ClipFile, Outcome } from './outcome.ts';
import { leadIn, watchClip, type Seen } from './seen.ts';
import { readTruth, type Truth } from './source-truth.ts';
import { wrongPictures } from './truth.ts';

/** Pictures a second of `idrl`. */
const idrlFps = 24;

/**
 * Everything in which an outcome is not what a case asks for, in words; nothing where all is right.
 * @param others outcomes of the same profile, by case, for those that are compared
 */
export async function judge(
  { expect }: Case,
  profile: ProfileName,
  outcome: Outcome,
  others: (name: string) => Promise<Outcome>,
): Promise<string[]> {
  if ('refused' in expect) return judgeRefusal(expect, outcome);
  const { task } = outcome;
  if (task.status !== 'succeeded') return [`${task.status}: ${task.error?.code} in ${task.error?.phase}`];
  const said = [...wrongWarnings(expect, outcome), ...wrongMedia(expect, task.media)];
  if (outcome.clips.length === 0) return [...said, 'no file came out'];
  const truth = await readTruth(expect, outcome.source);
  const seen = await Promise.all(outcome.clips.map(watchClip));
  const fps = profile === 'idrl' ? idrlFps : rateOf(expect.fps, seen);
  return [
    ...said,
    ...wrongRate(expect.fps, fps, profile),
    ...wrongStamps(seen, fps),
    ...wrongSize(expect, profile, outcome.clips),
    ...(await judgePictures(expect, truth, profile, seen, fps)),
    ...(await judgeSound(expect, truth, profile, seen, { source: outcome.source, fps })),
    ...(await judgeShapes(expect, outcome, others)),
  ];
}

function judgeRefusal({ refused, words }: Refused, { task, attempts }: Outcome): string[] {
  if (task.status !== 'failed') return [`${task.status}, where ${refused} is right`];
  const { code = '', message = '' } = task.error ?? {};
  return [
    ...(refused.test(code) ? [] : [`refused as ${code} instead of ${refused}`]),
    ...(words && !words.test(message) ? [`the words do not say ${words}: ${message}`] : []),
    ...(attempts > 1 ? [`tried ${attempts} times`] : []),
  ];
}

function wrongWarnings({ warns = [], mayWarn = [] }: Made, { warnings }: Outcome): string[] {
  const codes = warnings.map(({ code }) => code);
  return [
    ...warns.filter((code) => !codes.includes(code)).map((code) => `no warning ${code}`),
    ...codes.filter((code) => ![...warns, ...mayWarn].includes(code)).map((code) => `a warning ${code}`),
    ...warnings.filter(({ message }) => !message).map(({ code }) => `the warning ${code} has no words`),
  ];
}

function wrongMedia({ media = {} }: Made, found: unknown, path = 'media'): string[] {
  return Object.entries(media).flatMap(([name, right]) => {
    const value = (found as Record<string, unknown> | null)?.[name];
    const isGroup = typeof right === 'object' && right !== null && !Array.isArray(right);
    if (isGroup) return wrongMedia({ media: right } as unknown as Made, value, `${path}.${name}`);
    const near = typeof right === 'number' && typeof value === 'number' && Math.abs(value - right) < 0.01 * right;
    return near || isDeepStrictEqual(value, right)
      ? []
      : [`${path}.${name} is ${JSON.stringify(value)} and not ${JSON.stringify(right)}`];
  });
}

/** What is right; where only bounds are known, what came out. */
function rateOf(right: Made['fps'], [first]: Seen[]): number {
  if (typeof right === 'number') return right;
  const { times } = first?.watched ?? { times: [] };
  return (times.length - 1) / ((times.at(-1) ?? NaN) - (times[0] ?? NaN));
}

function wrongRate(right: Made['fps'], fps: number, profile: ProfileName): string[] {
  if (typeof right === 'number' || profile === 'idrl' || (fps >= right[0] && fps <= right[1])) return [];
  return [`${fps.toFixed(3)} pictures a second instead of ${right.join(' to ')}`];
}

/** Pictures have to stand at equal distances from 0 on, or a player shows them at other times than they were counted at. */
function wrongStamps(seen: Seen[], fps: number): string[] {
  const off = seen.flatMap(({ watched }) => watched.times.map((time, place) => Math.abs(time - place / fps)));
  const most = off.reduce((far, one) => Math.max(far, one), 0);
  return most < 0.002
    ? []
    : [`a time stamp is ${(1000 * most).toFixed(1)} ms from its place at ${fps.toFixed(3)} a second`];
}

function wrongSize({ size }: Made, profile: ProfileName, [clip]: ClipFile[]): string[] {
  if (!size || profile !== 'whole' || (clip?.width === size[0] && clip.height === size[1])) return [];
  return [`${clip?.width}×${clip?.height} instead of ${size.join('×')}`];
}

async function judgePictures(
  expect: Made,
  truth: Truth,
  profile: ProfileName,
  seen: Seen[],
  fps: number,
): Promise<string[]> {
  const shown = (await Promise.all(seen.map((one) => numbersOfBody(one, fps, expect.boxed, profile)))).flat();
  const lead = leadIn(profile, truth, fps);
  const common = { seconds: truth.seconds + lead, fps };
  // Of sound alone only is known how long its still stays.
  if (expect.pictures === null) return wrongPictures(shown, { ...common, pictures: [], slack: Infinity, every: false });
  return wrongPictures(shown, {
    ...common,
    pictures: truth.pictures.map(([number, at]) => [number, at + lead] as const),
    slack: profile === 'idrl' ? 1 : (expect.slack ?? 0),
    ragged: expect.ragged ?? 0,
    every: !expect.thinned && isFast(truth, fps),
  });
}

/** Whether no two pictures of the source are nearer than two of the output: else some have to be left out. */
function isFast({ pictures }: Truth, fps: number): boolean {
  return pictures.every(([, at], place) => place === 0 || at - (pictures[place - 1]?.[1] ?? 0) > 0.99 / fps);
}

async function numbersOfBody(
  { clip, watched }: Seen,
  fps: number,
  boxed: Made['boxed'],
  profile: ProfileName,
): Promise<number[]> {
  const body = ({ numbers }: Watched) => numbers.slice(clip.bumper, numbers.length - clip.bumper);
  const box = boxed?.box[profile];
  if (!boxed || !box) return body(watched);
  const inside = body(await watch(clip.pictures, { box, only: 'pictures' }));
  return body(watched).map((number, place) =>
    clip.start + (place + 0.5) / fps < boxed.from ? number : (inside[place] ?? -1),
  );
}
