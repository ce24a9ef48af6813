import type { Made } from './case.ts';
import { checksums, pictures, watch } from './measure.ts';
import type { ClipFile, Outcome } from './outcome.ts';
import { comb, roundness } from './shapes.ts';

/** How much combing may be above that of the original. */
const mostComb = 1.1;

/** What is wrong with how pictures look: stretched, combed, or other than those of another case. */
export async function judgeShapes(
  { disc, combLike, sameAs }: Made,
  outcome: Outcome,
  others: (name: string) => Promise<Outcome>,
): Promise<string[]> {
  const said: string[] = [];
  if (disc) said.push(...(await Promise.all(outcome.clips.map(wrongDiscs))).flat());
  if (combLike) {
    const [found, original] = await Promise.all([combOf(outcome), others(combLike).then(combOf)]);
    const times = found / original;
    if (!(times <= mostComb)) said.push(`${times.toFixed(2)} times the combing of a progressive original`);
    if (!(times >= 0.5)) said.push(`only ${times.toFixed(2)} times the detail of a progressive original`);
  }
  if (sameAs) {
    const [found, original] = await Promise.all([checksumsOf(outcome), others(sameAs).then(checksumsOf)]);
    const differ = found.filter((sum, place) => sum !== original[place]).length;
    if (differ > 0 || found.length !== original.length)
      said.push(`${differ} pictures differ from those of “${sameAs}”`);
  }
  return said;
}

/** Every tenth picture or so is looked at: what changes does so within a second or two. */
async function wrongDiscs({ pictures: file, bumper, length, start }: ClipFile): Promise<string[]> {
  const { times } = await watch(file, { only: 'pictures' });
  const shown = await pictures(file, bumper, times.length - 2 * bumper);
  const shapes = shown.map(roundness).flatMap((shape, place) => (place % 5 === 2 ? [{ shape, place }] : []));
  const wrong = shapes.find(({ shape }) => !(Math.abs(shape - 1) <= 0.06));
  const at = start + ((wrong?.place ?? 0) * length) / times.length;
  return wrong ? [`at ${at.toFixed(1)} s a disc is ${wrong.shape.toFixed(2)} times as wide as high`] : [];
}

/** Middle of the combing of the pictures in the middle of the first file. */
async function combOf({ clips: [clip] }: Outcome): Promise<number> {
  if (!clip) return NaN;
  const values = (await pictures(clip.pictures, clip.bumper + 5, 12)).map(comb).sort((a, b) => a - b);
  return values[values.length >> 1] ?? NaN;
}

async function checksumsOf({ clips }: Outcome): Promise<string[]> {
  return (await Promise.all(clips.map(({ pictures: file }) => checksums(file)))).flat();
}
