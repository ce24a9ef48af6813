import type { Distribution } from './distribution.ts';
import { figureNames, figureOf, type Sample } from './figures.ts';

/** Text exposition for Prometheus, format 0.0.4. Pure. */
export const PAGE_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const types = { gauge: 'gauge', cumulative: 'counter', distribution: 'histogram' } as const;

/** The whole page: figures in a fixed order, the samples of each together, as the format wants it. */
export function prometheusPage(samples: Sample[]): string {
  const lines = figureNames.flatMap((name) => {
    const { prometheus, kind, description } = figureOf(name);
    const found = samples.filter(({ figure }) => figure === name);
    if (found.length === 0) return [];
    return [
      `# HELP ${prometheus} ${description.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${prometheus} ${types[kind]}`,
      ...found.flatMap(({ labels, value }) =>
        typeof value === 'number' ? [line(prometheus, labels, value)] : histogram(prometheus, labels, value),
      ),
    ];
  });
  return lines.map((text) => `${text}\n`).join('');
}

/** Each bucket counts all that lies at or below its end, and the last one everything. */
function histogram(name: string, labels: Record<string, string>, distribution: Distribution): string[] {
  let below = 0;
  const buckets = [...distribution.bounds, Infinity].map((bound, index) => {
    below += distribution.counts[index] ?? 0;
    return line(`${name}_bucket`, { ...labels, le: shown(bound) }, below);
  });
  return [...buckets, line(`${name}_sum`, labels, distribution.sum), line(`${name}_count`, labels, distribution.count)];
}

function line(name: string, labels: Record<string, string>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${shown(value)}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function shown(value: number): string {
  return value === Infinity ? '+Inf' : String(value);
}
