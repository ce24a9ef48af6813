import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { logged, startProgram } from '../test/kit/program.ts';
import { openCleanup, undo } from '../test/kit/undo.ts';
import { builtPage } from '../test/browser/kit/page.ts';
import { atMost, rounded, type Measured, type Run } from './bench.ts';
import { median, percentile } from './statistics.ts';
import { table } from './table.ts';

const ROUNDS = 7;

/** From the start of the program behind `npm start` to its answer, on data that is there. */
export async function start({ t, say, quick }: Run): Promise<Measured> {
  await builtPage();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  undo(t, () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const seconds: Record<'ready' | 'stop', number>[] = [];
  const first = await once(folder);
  for (let round = 0; round < (quick ? 2 : ROUNDS); round++) seconds.push(await once(folder));
  const ready = seconds.map((one) => one.ready);
  const rows = [
    { start: 'the first, which makes the database', seconds: rounded(first.ready) },
    { start: 'median of the others', seconds: rounded(median(ready)) },
    { start: 'slowest of the others', seconds: rounded(percentile(ready, 100)) },
    { start: 'Ctrl-C to gone, median', seconds: rounded(median(seconds.map(({ stop }) => stop))) },
  ];
  for (const line of table(rows)) say(line);
  return { unit: 's', first, seconds, verdicts: [atMost('start on existing data, median', median(ready), 3, ' s')] };
}

async function once(folder: string): Promise<Record<'ready' | 'stop', number>> {
  const t = openCleanup();
  try {
    const began = performance.now();
    const program = startProgram(t, 'local/main.ts', { PORT: '0', DATA_DIR: folder });
    const { url } = await logged(program, /web ready/, 60_000);
    const response = await fetch(new URL('/readyz', String(url)));
    if (!response.ok) throw new Error(`/readyz was answered ${response.status}`);
    const ready = performance.now();
    program.kill('SIGINT');
    await program.ended;
    return { ready: (ready - began) / 1000, stop: (performance.now() - ready) / 1000 };
  } finally {
    await t.end();
  }
}
