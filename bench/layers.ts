import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { clipLimits, encodeClip } from '../worker/clip/encode.ts';
import { readJson } from '../worker/ffmpeg/ffprobe.ts';
import type { Layer } from '../worker/ffmpeg/sandbox.ts';
import { probeSource } from '../worker/ingest/probe.ts';
import { planClips } from '../worker/ingest/timeline.ts';
import { idrl } from '../test/kit/videos-clip.ts';
import { sample, tools } from '../test/kit/videos.ts';
import type { Measured, Run } from './bench.ts';
import { endedChildrenCpu } from './processes.ts';
import { median } from './statistics.ts';

const ROUNDS = 5;
/** Programs started in a row: the kernel counts a process's time in hundredths of a second. */
const starts = 10;
/** Programs that a source of one part takes: two to look, one to decode a first picture, one to encode, one to read back. */
const programs = 5;

/**
 * What the layers round FFmpeg cost: a source examined and a clip of 20 s made of it, without any layer, with each one
 * alone and with all. Rounds are interleaved, so that whatever else the machine does falls on all alike.
 */
export async function layers({ say, quick }: Run): Promise<Measured> {
  const rounds = quick ? 1 : ROUNDS;
  const source = await sample({ seconds: 20, width: 1280, height: 720 });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  await chmod(folder, 0o711);
  const choices: [string, Layer[]][] = [
    ['none', []],
    ...tools.layers.map((layer): [string, Layer[]] => [layer.name, [layer]]),
    ['all', tools.layers],
  ];
  const runs = new Map(choices.map(([name]) => [name, [] as Once[]]));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [name, chosen] of turned(choices, round)) {
        const run = await once(source, chosen, path.join(folder, 'clip.mp4'));
        // The first round warms the caches.
        if (round > 0) runs.get(name)?.push(run);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return report(runs, rounds, say);
}

/** Milliseconds on the clock and on the processors. */
interface Spent {
  clock: number;
  cpu: number;
}

interface Once {
  /** One program started, that does next to nothing. */
  start: Spent;
  examine: Spent;
  clip: Spent;
}

async function once(source: string, chosen: Layer[], to: string): Promise<Once> {
  const { signal } = new AbortController();
  const given = { tools: { ...tools, layers: chosen }, signal };
  const options = { ...given, limits: { maxSeconds: 3600 }, container: 'mov' };
  const { clock, cpu } = await spent(async () => {
    for (let index = 0; index < starts; index++)
      await readJson(source, ['-show_entries', 'format=duration'], { ...given, seconds: 60 });
  });
  const { result, ...examine } = await spent(() => probeSource(source, options));
  const { media, pictures } = result;
  const [input] = planClips(pictures, media, idrl);
  if (!input) throw new Error('the sample has no part');
  const request = { source, input, media, profile: idrl, to, threads: os.availableParallelism(), limits: clipLimits };
  const clip = await spent(() => encodeClip({ ...given, ...request, onProgress: () => {} }));
  return { start: { clock: clock / starts, cpu: cpu / starts }, examine, clip };
}

async function spent<T>(work: () => Promise<T>): Promise<Spent & { result: T }> {
  const [began, used] = [performance.now(), await endedChildrenCpu()];
  const result = await work();
  return { result, clock: performance.now() - began, cpu: 1000 * ((await endedChildrenCpu()) - used) };
}

/** Another one comes first in each round. */
function turned<T>(list: readonly T[], by: number): T[] {
  return list.map((_, index) => list[(index + by) % list.length]!);
}

function report(runs: ReadonlyMap<string, Once[]>, rounds: number, say: Run['say']): Measured {
  const medians = [...runs].map(([layers, all]) => {
    const of = (choose: (run: Once) => number) => Math.round(median(all.map(choose)));
    return {
      layers,
      start_ms: of(({ start }) => start.clock),
      start_cpu_ms: of(({ start }) => start.cpu),
      examine_ms: of(({ examine }) => examine.clock),
      examine_cpu_ms: of(({ examine }) => examine.cpu),
      clip_ms: of(({ clip }) => clip.clock),
      clip_cpu_ms: of(({ clip }) => clip.cpu),
    };
  });
  const [plain] = medians;
  const results = medians.map((row) => {
    const whole = (plain?.examine_cpu_ms ?? NaN) + (plain?.clip_cpu_ms ?? NaN);
    const more = programs * (row.start_cpu_ms - (plain?.start_cpu_ms ?? NaN));
    const ratio = (row.examine_cpu_ms + row.clip_cpu_ms) / whole;
    // The first is what was seen, with the noise of the machine; the second what the starts alone account for.
    return { ...row, cpu_ratio: Number(ratio.toFixed(3)), by_starts: Number((1 + more / whole).toFixed(3)) };
  });
  say(`medians of ${rounds} interleaved rounds: a source of 20 s at 1280×720 examined, and a clip (idrl) made of it`);
  const line = (values: unknown[]) => say(values.map((value) => String(value).padEnd(15)).join(''));
  line(Object.keys(results[0] ?? {}));
  for (const result of results) line(Object.values(result));
  return { rounds, missing: tools.missingLayers.map(({ name }) => name), results };
}
