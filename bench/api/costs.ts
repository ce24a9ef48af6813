/** A profile as Node writes it; what is read of it. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
}

export interface Cost {
  place: string;
  /** Of the samples in which it did anything. */
  percent: number;
  /** Its costliest functions. */
  mostly: string;
}

const SHOWN = 16;

/** Where the time went: the service's own folders, each package, Node's own code. Pure. */
export function costsByPlace({ nodes, samples }: CpuProfile): Cost[] {
  const counts = new Map<number, number>();
  for (const id of samples) counts.set(id, (counts.get(id) ?? 0) + 1);
  const places = new Map<string, Map<string, number>>();
  for (const { id, callFrame } of nodes) {
    const count = counts.get(id) ?? 0;
    const name = callFrame.functionName || '(anonymous)';
    if (count === 0 || name === '(idle)') continue;
    const functions = places.get(placeOf(callFrame)) ?? new Map<string, number>();
    places.set(placeOf(callFrame), functions.set(name, (functions.get(name) ?? 0) + count));
  }
  const sums = [...places].map(([place, functions]) => ({ place, functions, count: sum(functions) }));
  const all = sums.reduce((total, { count }) => total + count, 0);
  return sums
    .sort((one, other) => other.count - one.count)
    .slice(0, SHOWN)
    .map(({ place, functions, count }) => ({
      place,
      percent: Number(((100 * count) / all).toFixed(1)),
      mostly: [...functions]
        .sort(([, one], [, other]) => other - one)
        .slice(0, 3)
        .map(([name]) => name)
        .join(', '),
    }));
}

function sum(functions: Map<string, number>): number {
  return [...functions.values()].reduce((total, count) => total + count, 0);
}

function placeOf({ url, functionName }: CpuProfile['nodes'][number]['callFrame']): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (inPackage) return inPackage;
  if (url.startsWith('node:')) return url.replace(/^(node:(?:internal\/)?[\w-]+).*/, '$1');
  const own = /\/((?:web|shared|worker)\/(?:[\w-]+\/)?)[\w.-]+\.[tj]s$/.exec(url)?.[1];
  return own ?? (functionName.startsWith('(') ? functionName : 'V8');
}
