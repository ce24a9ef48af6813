import { mkdtemp, rm, chmod } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { clipLimits, encodeClip } from '../worker/clip/encode.ts';
import type { Layer } from '../worker/ffmpeg/sandbox.ts';
import { probeSource } from '../worker/ingest/probe.ts';
import { planClips } from '../worker/ingest/timeline.ts';
import { idrl } from '../test/kit/videos-clip.ts';
import { sample, tools } from '../test/kit/videos.ts';

const rounds = 5;

/**
 * What the layers round FFmpeg cost: a source examined and a clip of 20 s made of it, without any layer, with each one
 * alone and with all. Rounds are interleaved, so that whatever else the machine does falls on all alike.
 */
export async function layers(say: (text: string) => void): Promise<object> {
  const source = await sample({ seconds: 20, width: 1280, height: 720 });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  await chmod(folder, 0o711);
  const choices: [string, Layer[]][] = [
    ['none', []],
    ...tools.layers.map((layer): [string, Layer[]] => [layer.name, [layer]]),
    ['all', tools.layers],
  ];
  const times = new Map(choices.map(([name]) => [name, { examine: [] as number[], encode: [] as number[] }]));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [name, chosen] of turned(choices, round)) {
        const { examine, encode } = await once(source, chosen, path.join(folder, 'clip.mp4'));
        // The first round warms the caches.
        if (round === 0) continue;
        times.get(name)?.examine.push(examine);
        times.get(name)?.encode.push(encode);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return report(
    [...times].map(([name, { examine, encode }]) => ({ name, examine: median(examine), encode: median(encode) })),
    say,
  );
}

async function once(source: string, chosen: Layer[], to: string): Promise<{ examine: number; encode: number }> {
  const { signal } = new AbortController();
  const given = { tools: { ...tools, layers: chosen }, signal };
  const began = performance.now();
  const { media, pictures } = await probeSource(source, { ...given, limits: { maxSeconds: 3600 }, container: 'mov' });
  const examined = performance.now();
  const [input] = planClips(pictures, media, idrl);
  if (!input) throw new Error('the sample has no part');
  const clip = { source, input, media, profile: idrl, to, threads: os.availableParallelism(), limits: clipLimits };
  await encodeClip({ ...given, ...clip, onProgress: () => {} });
  return { examine: examined - began, encode: performance.now() - examined };
}

/** Another one comes first in each round. */
function turned<T>(list: readonly T[], by: number): T[] {
  return list.map((_, index) => list[(index + by) % list.length]!);
}

function report(rows: { name: string; examine: number; encode: number }[], say: (text: string) => void): object {
  const [{ examine, encode } = { examine: NaN, encode: NaN }] = rows;
  const results = rows.map((row) => ({
    layers: row.name,
    examine_ms: Math.round(row.examine),
    examine_ratio: Number((row.examine / examine).toFixed(3)),
    encode_ms: Math.round(row.encode),
    encode_ratio: Number((row.encode / encode).toFixed(3)),
  }));
  say(`medians of ${rounds} interleaved rounds; a source of 20 s at 1280×720, idrl`);
  say(['layers', 'examine ms', 'ratio', 'clip ms', 'ratio'].map((head) => head.padEnd(12)).join(''));
  for (const result of results)
    say(
      Object.values(result)
        .map((value) => String(value).padEnd(12))
        .join(''),
    );
  return { rounds, missing: tools.missingLayers.map(({ name }) => name), results };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
