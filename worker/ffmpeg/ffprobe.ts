import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { toolEnvironment } from './environment.ts';
import { endingOf, layerFailure, type Ending } from './failure.ts';
import { fileAddress, openFlags, userFileFlags } from './input.ts';
import { gateLine, keepGate } from './gate.ts';
import { killGroup } from './kill.ts';
import { readLine, Tail } from './output.ts';
import { confine, prepare } from './sandbox.ts';
import type { Tools } from './tools.ts';

export interface ProbeRun {
  tools: Tools;
  signal: AbortSignal;
  /** Longest run in seconds, on the clock and on the processor. */
  seconds: number;
  /** What the file is known to be, as FFmpeg names it: nothing else is opened. */
  container?: string | undefined;
  /** Decoders that may be opened beside those that we use, for streams that nobody reads. */
  opens?: readonly string[] | undefined;
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

const quiet = ['-hide_banner', '-loglevel', 'error', '-threads', '1'];

/** How the demuxers of mp4 and Matroska say that the file is shorter than it should be. */
const endMissing = /partial file|ended prematurely|moov atom not found/;

/**
 * Runs ffprobe on a file from a user and hands out what it prints line by line, so that memory stays the same for a long video.
 * Resolves when the process is gone, whatever its exit code.
 * @throws what `onLine` throws, and the signal's reason when aborted
 */
export async function runFfprobe(
  file: string,
  args: readonly string[],
  { tools, signal, seconds, onLine, container, opens }: ProbeRun,
): Promise<ProbeEnd> {
  signal.throwIfAborted();
  const files = { reads: [file], writes: null };
  const allowance = { memory, cpuSeconds: seconds, fileSize: 0 };
  await prepare(tools.layers, files);
  signal.throwIfAborted();
  const all = [...quiet, ...userFileFlags(container), ...openFlags(opens), ...args, fileAddress(file)];
  const confined = confine(tools.ffprobe, all, tools.layers, { allowance, files });
  const child = spawn(confined.command, confined.args, {
    stdio: ['ignore', 'pipe', 'pipe', gateLine],
    env: toolEnvironment(process.env),
    // A group of its own, to be killed whole.
    detached: true,
    windowsHide: true,
  }) as ChildProcessByStdio<null, Readable, Readable>;
  keepGate(child);
  const kill = () => killGroup(child);
  const timer = setTimeout(kill, seconds * 1000);
  signal.addEventListener('abort', kill);
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
      kill();
    }
  });
  const { code } = await new Promise<Ending>((resolve, reject) => {
    child.on('error', (error) => (child.pid === undefined ? reject(error) : undefined));
    // Only this says that it is gone, with all that it was made of.
    child.on('close', (code, killedBy) => resolve(endingOf(code, killedBy)));
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  });
  signal.throwIfAborted();
  if (thrown !== undefined) throw thrown;
  const ours = code === 0 ? null : layerFailure(String(tail));
  if (ours) throw ours;
  return { code, said: String(tail), sawEndMissing };
}

/**
 * Runs ffprobe and reads its answer as JSON.
 * @returns null instead of an answer where it failed or printed more than a sane file makes it print
 */
export async function readJson(
  file: string,
  args: readonly string[],
  run: Omit<ProbeRun, 'onLine'>,
): Promise<ProbeEnd & { json: unknown }> {
  const lines: string[] = [];
  let length = 0;
  const end = await runFfprobe(file, [...args, '-of', 'json=compact=1'], {
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
