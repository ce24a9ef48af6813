/** What `npm run bench` was asked for. Pure. */
export interface Arguments {
  /** Names of measurements; none for the list. */
  names: string[];
  quick: boolean;
  seed: number;
}

export const USAGE = `npm run bench -- <name>… [--quick] [--seed N]

  --list    what there is
  --quick   smaller and shorter, to see that it works; its figures are no verdict
  --seed N  draws the same numbers again (1 when not given)
  all       one after the other

Prints tables and keeps the figures in build/bench/<name>.json. Ctrl-C ends it and whatever it started.`;

/** Answers what is wrong instead, in words for whoever typed it. */
export function readArguments(given: readonly string[], known: readonly string[]): Arguments | { problem: string } {
  const read: Arguments = { names: [], quick: false, seed: 1 };
  for (let index = 0; index < given.length; index++) {
    const word = given[index] ?? '';
    if (word === '--list' || word === '--help' || word === '-h') return { ...read, names: [] };
    if (word === '--quick') read.quick = true;
    else if (word === '--seed') read.seed = wholeNumber(given[++index]);
    else if (word === 'all') read.names.push(...known);
    else if (known.includes(word)) read.names.push(word);
    else return { problem: `There is no ${JSON.stringify(word)}. There are: ${known.join(', ')}, all.` };
  }
  return Number.isNaN(read.seed) ? { problem: '--seed takes a whole number.' } : read;
}

function wholeNumber(text = ''): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
}
