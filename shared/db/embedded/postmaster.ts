import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { isAlive } from '../../process.ts';
import { codeOf } from './errors.ts';

/** The first process of a server, as it describes itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  /** Not there yet while it writes the file. */
  port: number | undefined;
  /** `starting`, `ready`, `stopping`; empty while it writes the file. */
  status: string;
}

/** Reads the lines of `postmaster.pid`: 1 process, 2 folder, 3 start, 4 port, 5 socket, 6 address, 7 memory, 8 status. */
export function parsePostmasterFile(text: string): Postmaster | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]) || undefined, status: lines[7] ?? '' };
}

/** The living server of the data directory, whoever started it. */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
  const named = parsePostmasterFile(await readPostmasterFile(data));
  return named && (await isPostmaster(named.pid, data)) ? named : undefined;
}

/** Whether the process is a living server of the data directory. A number alone says little: numbers are used again. */
export async function isPostmaster(pid: number, data: string): Promise<boolean> {
  return isAlive(pid) && (await commandLine(pid)).includes(` -D ${data} -p `);
}

/** How a server is started, so that `isPostmaster` knows it again. */
export function postmasterArguments(data: string, port: number): string[] {
  return ['-D', data, '-p', String(port)];
}

/**
 * Removes a `postmaster.pid` that would hinder a start though no server lives. Postgres itself overlooks one that names
 * a dead process, but not one whose number now belongs to another, as is common after a restart in a container.
 */
export async function removeObstacle(data: string): Promise<void> {
  const file = path.join(data, 'postmaster.pid');
  const text = await readPostmasterFile(data);
  const named = parsePostmasterFile(text);
  // Empty for a moment while a server starts; for good when its machine lost power.
  const stale = named ? isAlive(named.pid) && !(await isPostmaster(named.pid, data)) : await isOld(file);
  // Were processes of that server still at work, the next would notice by the shared memory of the folder.
  if (stale && (await readPostmasterFile(data)) === text) await rm(file, { force: true });
}

async function readPostmasterFile(data: string): Promise<string> {
  try {
    return await readFile(path.join(data, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

async function isOld(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > 5_000;
}

/** The command a process was started with; empty for one that is dead, even if nobody has taken note of its end yet. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  }
  const shown = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  return shown?.stdout ?? '';
}
