import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { toolEnvironment } from './environment.ts';
import { findLayers } from './layers.ts';
import type { Layer } from './sandbox.ts';
import { isExecutable, onPath } from './search-path.ts';

/** The programs that work on video, by path, and what holds them. */
export interface Tools {
  ffmpeg: string;
  ffprobe: string;
  /** What every FFmpeg and ffprobe is started under. */
  layers: Layer[];
  /** Told what each FFmpeg that ended well took of the processor. */
  onSpent?: (cpuSeconds: number) => void;
  /** Layers that this platform lacks. */
  missingLayers: Layer[];
}

/** Which layers FFmpeg runs under, for operators. */
export interface LayerReport {
  on: string[];
  missing: { layer: string; means: string; remedy: string }[];
}

export function reportLayers({ layers, missingLayers }: Tools): LayerReport {
  return {
    on: layers.map(({ name }) => name),
    missing: missingLayers.map(({ name, gives, remedy }) => ({ layer: name, means: `FFmpeg lacks ${gives}`, remedy })),
  };
}

/** @throws Error that says what to install, where a layer is missing that has to be there */
export function requireLayers({ missing }: LayerReport): void {
  if (missing.length === 0) return;
  const lines = missing.map(({ layer, means, remedy }) => `  ${layer}: ${means}; ${remedy}`);
  throw new Error(`FFMPEG_LAYERS=required, but layers are missing:\n${lines.join('\n')}`);
}

type Tool = 'ffmpeg' | 'ffprobe';

/**
 * Finds FFmpeg and ffprobe, each by its setting, then on PATH, then as shipped through npm, and starts each to see that it
 * runs here, and under which layers.
 * @throws Error that says what to do
 */
export async function findTools(
  settings: { FFMPEG_PATH?: string | undefined; FFPROBE_PATH?: string | undefined; WORK_DIR?: string | undefined },
  searchPath = process.env.PATH ?? '',
): Promise<Tools> {
  const [ffmpeg, ffprobe] = await Promise.all([
    findTool('ffmpeg', 'FFMPEG_PATH', settings.FFMPEG_PATH, searchPath),
    findTool('ffprobe', 'FFPROBE_PATH', settings.FFPROBE_PATH, searchPath),
  ]);
  const programs = { ffmpeg: ffmpeg.file, ffprobe: ffprobe.file };
  const { layers, missing } = await findLayers(programs, searchPath, settings.WORK_DIR ?? os.tmpdir());
  // Under layers that work, both have run just now.
  if (layers.length === 0) await Promise.all([checkRuns(ffmpeg), checkRuns(ffprobe)]);
  return { ...programs, layers, missingLayers: missing };
}

interface Found {
  file: string;
  /** What to do should it not run. */
  remedy: string;
}

async function findTool(tool: Tool, setting: string, given: string | undefined, searchPath: string): Promise<Found> {
  if (given !== undefined) {
    const found = {
      file: given,
      remedy: `${setting} names ${given}, but it does not run. Correct ${setting} or unset it.`,
    };
    if (!(await isExecutable(given))) await checkRuns(found);
    return found;
  }
  const found = (await onPath(tool, searchPath)) ?? (await shipped(tool));
  const remedy = `Install FFmpeg so that ${tool} is on PATH, or set ${setting} to its path.`;
  if (found === undefined) {
    throw new Error(`No ${tool}: none on PATH, and npm ships none for ${process.platform}-${process.arch}. ${remedy}`);
  }
  return { file: found, remedy: `${found} does not run on this machine. ${remedy}` };
}

/** The binary of an optional npm dependency, made executable, for npm packs some without the permission. */
async function shipped(tool: Tool): Promise<string | undefined> {
  const family = tool === 'ffmpeg' ? '@ffmpeg-binary' : '@ffprobe-installer';
  const name = `${family}/${process.platform}-${process.arch}/package.json`;
  const file = path.join(path.dirname(resolvePackage(name) ?? ''), tool);
  if (!path.isAbsolute(file)) return undefined;
  // Fails where another user owns node_modules; what counts is whether it runs.
  if (!(await isExecutable(file))) await chmod(file, 0o755).catch(() => undefined);
  return file;
}

function resolvePackage(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

async function checkRuns({ file, remedy }: Found): Promise<void> {
  try {
    await promisify(execFile)(file, ['-version'], { timeout: 20_000, env: toolEnvironment(process.env) });
  } catch (error) {
    throw new Error(`${remedy} (${error instanceof Error ? error.message.trim() : String(error)})`, { cause: error });
  }
}
