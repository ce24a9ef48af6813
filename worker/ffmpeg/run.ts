import type { ChildProcess } from 'node:child_process';
import { Problem } from '../../shared/task/problem.ts';
import type { Command } from './command.ts';
import { endingOf, failureOf, soundChanges, SoundChanges, type Ending } from './failure.ts';
import { filesOf } from './files.ts';
import { fluentCommand, type FluentCommand } from './fluent.ts';
import { killGroup } from './kill.ts';
import { readLine, Tail } from './output.ts';
import { prepare, type Allowance } from './sandbox.ts';
import type { Tools } from './tools.ts';

export interface RunResult {
  /** Packets of pictures that could not be decoded. */
  damaged: number;
}

export interface RunOptions {
  tools: Tools;
  signal: AbortSignal;
  /** Longest run in seconds on the clock. */
  wallSeconds: number;
  allowance: Allowance;
  /** Called about twice a second with the pictures encoded so far. */
  onFrames?: (frames: number) => void;
  /** Called with each line that FFmpeg writes, as it is. An error that it throws ends the run and is thrown on. */
  onMessage?: (line: string) => void;
}

/**
 * Runs one FFmpeg command to its end.
 *
 * Settles only when the process is gone, so that its files can be removed. A file half written stays: the caller
 * knows which it is.
 * Damage does not make FFmpeg fail below `-max_error_rate`, and FFmpeg 7.0 forgets that limit; so it is counted.
 * @throws Problem `clip_failed`, `source_truncated` (too many pictures that do not decode) or `step_timeout`
 * @throws SoundChanges where sound changed its form and `-reinit_filter:a 0` was asked for; what `onMessage` throws
 * @throws the signal's reason when aborted
 */
export async function runFfmpeg(command: Command, options: RunOptions): Promise<RunResult> {
  const { signal, wallSeconds } = options;
  await prepare(options.tools.layers, filesOf(command));
  signal.throwIfAborted();
  const tail = new Tail();
  let damaged = 0;
  let thrown: Error | undefined;
  const fluent = fluentCommand(command, options.tools, options.allowance);
  fluent.on('stderr', (line: string) => {
    tellLine(line);
    const read = readLine(line);
    if (read?.kind === 'progress') options.onFrames?.(read.frames);
    else if (read?.kind === 'spent') options.tools.onSpent?.(read.cpuSeconds);
    else if (read) tail.add(read.text);
    if (read?.kind === 'damage' && read.isPicture) damaged++;
  });

  let late = false;
  const run = start(fluent);
  function tellLine(line: string): void {
    if (thrown !== undefined) return;
    try {
      if (soundChanges.test(line)) throw new SoundChanges(line);
      options.onMessage?.(line);
    } catch (error) {
      thrown = error instanceof Error ? error : new Error(String(error));
      run.kill();
    }
  }
  const timer = setTimeout(() => {
    late = true;
    run.kill();
  }, wallSeconds * 1000);
  signal.addEventListener('abort', run.kill);
  try {
    const ending = await run.ended;
    // An FFmpeg that succeeded in the very moment of the abort still counts as aborted: nobody wants its clip.
    signal.throwIfAborted();
    if (thrown !== undefined) throw thrown;
    if (late) throw new Problem('step_timeout', `FFmpeg was stopped after ${wallSeconds} s: ${String(tail)}`);
    if (ending.code !== 0) throw failureOf(ending, String(tail));
    return { damaged };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', run.kill);
  }
}

/** Starts the command; `ended` resolves when the process has left and everything it printed was read. */
function start(fluent: FluentCommand): { ended: Promise<Ending>; kill: () => void } {
  let child: ChildProcess | undefined;
  const ended = new Promise<Ending>((resolve, reject) => {
    const settle = (error?: Error) => {
      if (!child || child.pid === undefined) reject(notStarted(error));
      else resolve(endingOf(child.exitCode, child.signalCode));
    };
    fluent.on('start', () => {
      child = (fluent as unknown as { ffmpegProc: ChildProcess }).ffmpegProc;
    });
    fluent.on('end', () => settle());
    fluent.on('error', settle);
  });
  fluent.run();
  return { ended, kill: () => killGroup(child) };
}

function notStarted(error: Error | undefined): Problem {
  return new Problem('internal', `FFmpeg could not be started: ${error?.message ?? 'unknown'}`, { cause: error });
}
