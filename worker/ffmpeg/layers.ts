import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { confine, dieWithParentLayer, limitLayer, type Allowance, type Layer } from './sandbox.ts';
import { onPath } from './search-path.ts';

/** In the order they are put on: limits outermost, for the last layer is what the command's parent must see die. */
const known: { program: string; build: (program: string) => Layer }[] = [
  { program: 'prlimit', build: limitLayer },
  { program: 'setpriv', build: dieWithParentLayer },
];

/**
 * The layers that work on this machine. Each is tried once by starting `true` under it, for having the program is not
 * enough: an older one lacks options, and a container may forbid what it does.
 */
export async function findLayers(searchPath: string): Promise<{ layers: Layer[]; missing: string[] }> {
  const layers: Layer[] = [];
  const missing: string[] = [];
  const nothing = (await onPath('true', searchPath)) ?? 'true';
  for (const { program, build } of known) {
    const found = await onPath(program, searchPath);
    const layer = build(found ?? program);
    if (found !== undefined && (await works(layer, nothing))) layers.push(layer);
    else missing.push(`${layer.name} (${layer.gives})`);
  }
  return { layers, missing };
}

async function works(layer: Layer, nothing: string): Promise<boolean> {
  const small: Allowance = { memory: 2 ** 30, cpuSeconds: 10, fileSize: 2 ** 20 };
  const { command, args } = confine(nothing, [], [layer], small);
  return promisify(execFile)(command, args, { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}
