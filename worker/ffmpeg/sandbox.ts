import type { Files } from './files.ts';

/** What one FFmpeg or ffprobe may use at most, enforced by the kernel. */
export interface Allowance {
  /** Address space in bytes: every thread's stack and arena counts, so give more than what is resident. */
  memory: number;
  /** Processor seconds, of all threads together. */
  cpuSeconds: number;
  /** Largest file it may write, in bytes. */
  fileSize: number;
}

/** What a run is given: how much, and of which files. */
export interface Confinement {
  allowance: Allowance;
  files: Files;
}

/** Something that a command is started under: a program put before it. */
export interface Layer {
  name: string;
  /** What there is no longer where a platform lacks it. */
  gives: string;
  /** What to do to have it. */
  remedy: string;
  /** Path of the program, then its arguments. */
  prefix(confinement: Confinement): string[];
  /** Makes the files of a run fit for it. */
  prepare?(files: Files): Promise<void>;
}

/** Limits on memory, processor and files. @param program path of util-linux's `prlimit` */
export function limitLayer(program: string): Layer {
  return {
    name: 'prlimit',
    gives: 'limits on memory, processor time and file size',
    remedy: 'install util-linux',
    prefix: ({ allowance: { memory, cpuSeconds, fileSize } }) => [
      program,
      `--as=${Math.ceil(memory)}`,
      `--cpu=${Math.ceil(cpuSeconds)}`,
      `--fsize=${Math.ceil(fileSize)}`,
      '--nofile=256',
      '--core=0',
      '--',
    ],
  };
}

/**
 * Dies with its parent, even by kill -9, and gains no rights. It has to come after a change of the user, which takes the
 * kernel's promise back.
 * @param programs paths of util-linux's `setpriv` and of `sh`
 * @param parent process id of whoever starts the command
 */
export function dieWithParentLayer({ setpriv, sh }: { setpriv: string; sh: string }, parent: number): Layer {
  return {
    name: 'setpriv',
    gives: 'an end together with the worker when that is killed',
    remedy: 'install util-linux',
    prefix: () => [
      ...[setpriv, '--pdeathsig', 'KILL', '--no-new-privs', '--'],
      // A parent that died before the line above took hold is not noticed by it.
      ...[sh, '-c', 'test "$PPID" = "$0" && exec "$@"', `${parent}`],
    ],
  };
}

/**
 * Puts a command under layers, the first one outermost. Pure.
 * Each ends by becoming the next, but for the sandbox, which stays round its command and passes its exit code on.
 */
export function confine(
  command: string,
  args: readonly string[],
  layers: readonly Layer[],
  confinement: Confinement,
): { command: string; args: string[] } {
  const [first, ...rest] = [...layers.flatMap((layer) => layer.prefix(confinement)), command, ...args];
  return { command: first ?? command, args: rest };
}

/** Makes the files of a run fit for its layers. */
export async function prepare(layers: readonly Layer[], files: Files): Promise<void> {
  for (const layer of layers) await layer.prepare?.(files);
}
