import type { Made, ProfileName } from './case.ts';
import { loudness, watch, type Heard } from './measure.ts';
import { leadIn, type Seen } from './seen.ts';
import type { Truth } from './source-truth.ts';
import { wrongBeeps } from './truth.ts';

/** What is wrong with the sound of what came out: none, silence, length, beeps, sides, loudness. */
export async function judgeSound(
  expect: Made,
  truth: Truth,
  profile: ProfileName,
  seen: Seen[],
  { source, fps }: { source: string; fps: number },
): Promise<string[]> {
  const bumper = profile === 'idrl' ? 1 : 0;
  const lead = leadIn(profile, truth, fps);
  const there = seen.flatMap(({ clip, watched: { sound } }) => (sound ? [{ clip, sound }] : []));
  if (truth.beeps === null && !expect.silent) return there.length > 0 ? ['there is sound, where none is right'] : [];
  if (there.length < seen.length) return ['there is no sound'];
  // An AAC frame, and what its encoder adds.
  const said = there
    .filter(({ clip, sound }) => Math.abs(clip.length - sound.seconds) > 0.06)
    .map(({ clip, sound }) => `${sound.seconds.toFixed(3)} s of sound in a file of ${clip.length.toFixed(3)} s`);
  if (expect.silent) {
    const loudest = Math.max(...there.map(({ sound }) => sound.peak));
    return loudest < 0.005 ? said : [...said, `sound of ${loudest.toFixed(3)}, where silence is right`];
  }
  const beepsOf = (heard: (Heard | null)[]) =>
    heard.flatMap((sound, at) => (sound?.beeps ?? []).map((time) => time - bumper + (seen[at]?.clip.start ?? 0)));
  const shifted = (times: number[]) => times.map((time) => time + lead);
  if (Array.isArray(truth.beeps))
    said.push(...wrongBeeps(beepsOf(there.map(({ sound }) => sound)), shifted(truth.beeps)));
  for (const [channel, right] of [expect.left, expect.right].entries()) {
    if (!right) continue;
    const side = there.map(({ clip }) => watch(clip.sound ?? '', { channel, only: 'sound' }));
    const heard = (await Promise.all(side)).map(({ sound }) => sound);
    said.push(...wrongBeeps(beepsOf(heard), shifted(right)).map((words) => `channel ${channel}: ${words}`));
  }
  if (expect.lufs !== undefined) {
    const right = expect.lufs === 'source' ? (await loudness(source)).integrated : expect.lufs;
    const { integrated } = await loudness(seen[0]?.clip.sound ?? '');
    if (!(Math.abs(integrated - right) <= 1)) said.push(`${integrated} LUFS instead of ${right}`);
  }
  return said;
}
