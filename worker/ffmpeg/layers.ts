import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bwrapLayer } from './bwrap-layer.ts';
import { toolEnvironment } from './environment.ts';
import type { Files } from './files.ts';
import { gateLine, keepGate } from './gate.ts';
import { fileAddress } from './input.ts';
import { killGroup } from './kill.ts';
import { neededBy } from './linked.ts';
import { confine, dieWithParentLayer, limitLayer, prepare, type Allowance, type Layer } from './sandbox.ts';
import { onPath } from './search-path.ts';
import { userLayer } from './user-layer.ts';

interface Programs {
  ffmpeg: string;
  ffprobe: string;
}

interface Candidate {
  layer: Layer;
  isInstalled: boolean;
}

/**
 * The layers that work on this machine. They are tried by having FFmpeg copy a file under them, for having the program
 * is not enough: an older one lacks options, a container may forbid what it does, and a folder may let nobody in.
 * @param workDir where the files of runs will lie
 */
export async function findLayers(
  programs: Programs,
  searchPath: string,
  workDir: string,
): Promise<{ layers: Layer[]; missing: Layer[] }> {
  const candidates = await knownLayers(programs, searchPath);
  const installed = candidates.filter(({ isInstalled }) => isInstalled).map(({ layer }) => layer);
  const layers = (await work(installed, programs, workDir)) ? installed : [];
  if (layers.length === 0) {
    for (const layer of installed) if (await work([...layers, layer], programs, workDir)) layers.push(layer);
  }
  return { layers, missing: candidates.map(({ layer }) => layer).filter((layer) => !layers.includes(layer)) };
}

/** In the order they are put on: what only root may do first, and the sandbox last, which hides the others' programs. */
async function knownLayers({ ffmpeg, ffprobe }: Programs, searchPath: string): Promise<Candidate[]> {
  const names = ['prlimit', 'setpriv', 'sh', 'unshare', 'bwrap'] as const;
  const found = await Promise.all(names.map((name) => onPath(name, searchPath)));
  const [prlimit = '', setpriv = '', sh = '', unshare = '', bwrap = ''] = found;
  const needed = [...new Set((await Promise.all([neededBy(ffmpeg), neededBy(ffprobe)])).flat())];
  const isRoot = process.getuid?.() === 0;
  return [
    { layer: limitLayer(prlimit), isInstalled: prlimit !== '' },
    ...(isRoot ? [{ layer: userLayer(setpriv), isInstalled: setpriv !== '' }] : []),
    { layer: dieWithParentLayer({ setpriv, sh }, process.pid), isInstalled: setpriv !== '' && sh !== '' },
    { layer: bwrapLayer({ unshare, sh, bwrap }, needed), isInstalled: ![unshare, sh, bwrap].includes('') },
  ];
}

const small: Allowance = { memory: 2 ** 31, cpuSeconds: 20, fileSize: 2 ** 20 };

async function work(layers: Layer[], { ffmpeg, ffprobe }: Programs, workDir: string): Promise<boolean> {
  // Named like a worker's folder, so that the next one clears it away should this one be killed.
  await mkdir(workDir, { recursive: true, mode: 0o755 });
  const folder = await mkdtemp(path.join(workDir, `worker-${process.pid}-layers-`));
  try {
    await chmod(folder, 0o711);
    const [source, writes] = [path.join(folder, 'source'), path.join(folder, 'output')];
    await writeFile(source, Buffer.alloc(1000), { mode: 0o600 });
    await mkdir(writes, { mode: 0o700 });
    const copying = ['-nostdin', '-v', 'error', '-f', 'u8', '-i', fileAddress(source), '-c', 'copy', '-f', 'u8'];
    await Promise.all([
      start(ffmpeg, [...copying, fileAddress(path.join(writes, 'copy'))], layers, { reads: [source], writes }),
      start(ffprobe, ['-version'], layers, { reads: [], writes: null }),
    ]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(program: string, rest: string[], layers: Layer[], files: Files): Promise<void> {
  await prepare(layers, files);
  const { command, args } = confine(program, rest, layers, { allowance: small, files });
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'ignore', gateLine],
    env: toolEnvironment(process.env),
    detached: true,
  });
  keepGate(child);
  const timer = setTimeout(() => killGroup(child), 20_000);
  const [code] = (await once(child, 'close').finally(() => clearTimeout(timer))) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}
