/** What one FFmpeg or ffprobe may use at most, enforced by the kernel. */
export interface Allowance {
  /** Address space in bytes: every thread's stack and arena counts, so give more than what is resident. */
  memory: number;
  /** Processor seconds, of all threads together. */
  cpuSeconds: number;
  /** Largest file it may write, in bytes. */
  fileSize: number;
}

/** Something that a command is started under: a program put before it that ends by becoming it. */
export interface Layer {
  name: string;
  /** What the log says is missing where a platform lacks it. */
  gives: string;
  /** Path of the program, then its arguments. */
  prefix(allowance: Allowance): string[];
}

/** Limits on memory, processor and files. @param program path of util-linux's `prlimit` */
export function limitLayer(program: string): Layer {
  return {
    name: 'prlimit',
    gives: 'limits on memory, processor time and file size',
    prefix: ({ memory, cpuSeconds, fileSize }) => [
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

/** Dies with its parent, even by kill -9, and gains no rights. @param program path of util-linux's `setpriv` */
export function dieWithParentLayer(program: string): Layer {
  return {
    name: 'setpriv',
    gives: 'an end together with the worker when that is killed',
    prefix: () => [program, '--pdeathsig', 'KILL', '--no-new-privs', '--'],
  };
}

/**
 * Puts a command under layers, the first one outermost. Pure.
 * Each layer replaces itself by the next, so the process that is started is in the end the command itself: its id, its
 * exit code and its signals are the command's.
 */
export function confine(
  command: string,
  args: readonly string[],
  layers: readonly Layer[],
  allowance: Allowance,
): { command: string; args: string[] } {
  const [first, ...rest] = [...layers.flatMap((layer) => layer.prefix(allowance)), command, ...args];
  return { command: first ?? command, args: rest };
}
