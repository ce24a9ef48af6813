import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { toolEnvironment } from './environment.ts';
import { readLine, Tail } from './output.ts';
import { confine } from './sandbox.ts';
import type { Tools } from './tools.ts';

export interface ProbeRun {
  tools: Tools;
  signal: AbortSignal;
  /** Longest run in seconds, on the clock and on the processor. */
  seconds: number;
  /** Called with each line of output. An error that it throws ends the run and is thrown on. */
  onLine: (line: string) => void;
}

export interface ProbeEnd {
  /** What ended it: its own exit code, or nothing when it was killed for time. */
  code: number | null;
  /** The end of its messages. */
  said: string;
  /** It noticed that the file stops before the container says. */
  sawEndMissing: boolean;
}

/** Address space in bytes. One thread, for each more would claim its share, on a large machine all of it. */
const memory = 2 * 2 ** 30;

/** How the demuxers of mp4 and Matroska say that the file is shorter than it should be. */
const endMissing = /partial file|ended prematurely|moov atom not found/;

/**
 * Runs ffprobe and hands out what it prints line by line, so that memory stays the same for a long video.
 * Resolves when the process is gone, whatever its exit code.
 * @throws what `onLine` throws, and the signal's reason when aborted
 */
export async function runFfprobe(
  args: readonly string[],
  { tools, signal, seconds, onLine }: ProbeRun,
): Promise<ProbeEnd> {
  signal.throwIfAborted();
  const allowance = { memory, cpuSeconds: seconds, fileSize: 0 };
  const flags = ['-hide_banner', '-loglevel', 'error', '-threads', '1'];
  const confined = confine(tools.ffprobe, [...flags, ...args], tools.layers, allowance);
  const child = spawn(confined.command, confined.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: toolEnvironment(process.env),
    signal,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  const tail = new Tail();
  let sawEndMissing = false;
  let thrown: Error | undefined;
  createInterface(child.stderr).on('line', (line) => {
    sawEndMissing ||= endMissing.test(line);
    if (readLine(line)) tail.add(line.trim());
  });
  createInterface(child.stdout).on('line', (line) => {
    if (thrown !== undefined) return;
    try {
      onLine(line);
    } catch (error) {
      thrown = error instanceof Error ? error : new Error(String(error));
      child.kill('SIGKILL');
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    // An abort comes here too, but the process may still be there: only 'close' says that it is gone.
    child.on('error', (error) => (child.pid === undefined ? reject(error) : undefined));
    child.on('close', resolve);
  }).finally(() => clearTimeout(timer));
  signal.throwIfAborted();
  if (thrown !== undefined) throw thrown;
  return { code, said: String(tail), sawEndMissing };
}

/**
 * Runs ffprobe and reads its answer as JSON.
 * @returns null instead of an answer where it failed or printed more than a sane file makes it print
 */
export async function readJson(
  args: readonly string[],
  run: Omit<ProbeRun, 'onLine'>,
): Promise<ProbeEnd & { json: unknown }> {
  const lines: string[] = [];
  let length = 0;
  const end = await runFfprobe([...args, '-of', 'json=compact=1'], {
    ...run,
    onLine: (line) => {
      length += line.length;
      if (length <= mostJson) lines.push(line);
    },
  });
  const whole = end.code === 0 && length <= mostJson;
  return { ...end, json: whole ? (JSON.parse(lines.join('\n')) as unknown) : null };
}

/** A description of 32 streams is a few tens of kilobytes. */
const mostJson = 1_000_000;
