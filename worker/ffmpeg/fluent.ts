import type { ChildProcess, SpawnOptions } from 'node:child_process';
import fluent from 'fluent-ffmpeg';
import type { Command } from './command.ts';
import { quietFlags } from './command.ts';
import { toolEnvironment } from './environment.ts';
import { filesOf } from './files.ts';
import { gateLine, keepGate } from './gate.ts';
import { confine, type Allowance, type Confinement } from './sandbox.ts';
import type { Tools } from './tools.ts';

/** fluent-ffmpeg's own working parts, which its types leave out (version 2.1.3, pinned; the library is archived). */
interface WorkingParts {
  _prepare(done: (error: null, args: string[]) => void): void;
  _getArguments(): string[];
  _getFfmpegPath(done: (error: null, path: string) => void): void;
  _spawnFfmpeg(
    args: string[],
    options: SpawnOptions & { captureStdout: boolean },
    started: Started,
    ended: Ended,
  ): void;
}
type Lines = { get(): string };
type Started = (process: ChildProcess, stdout: Lines, stderr: Lines) => void;
type Ended = (error?: Error | null, stdout?: Lines, stderr?: Lines) => void;

export type FluentCommand = fluent.FfmpegCommand;

/**
 * Hands a command to fluent-ffmpeg, to be started with `run()`.
 *
 * Three of the library's habits are replaced. It starts further FFmpegs to ask for capabilities, and then refuses
 * lavfi on FFmpeg 7. It inherits our stdin and environment. It crashes the process when the program is missing.
 * Do not listen to its 'progress': that starts an ffprobe without any limit; 'stderr' brings the same lines.
 */
export function fluentCommand(command: Command, tools: Tools, allowance: Allowance): FluentCommand {
  const built = fluent({ stdoutLines: 50 });
  for (const [index, { address, options }] of command.inputs.entries()) {
    built.input(address);
    // One argument each: given as a list, an option with a space in it would be split.
    const flags = index === 0 ? [...quietFlags, ...options] : options;
    if (flags.length > 0) built.inputOptions(...flags);
  }
  if (command.filters.length > 0) built.complexFilter(command.filters);
  for (const { output, options } of [command, ...(command.more ?? [])]) {
    built.output(output).outputOptions(...options);
  }
  replaceHabits(built as unknown as WorkingParts, tools, { allowance, files: filesOf(command) });
  return built;
}

/** The command line as the library builds it, without the layers. */
export function commandLine(command: FluentCommand): string[] {
  return (command as unknown as WorkingParts)._getArguments();
}

function replaceHabits(parts: WorkingParts, tools: Tools, confinement: Confinement): void {
  const spawnFfmpeg = parts._spawnFfmpeg.bind(parts);
  const none: Lines = { get: () => '' };
  const { command, args: prefix } = confine(tools.ffmpeg, [], tools.layers, confinement);
  parts._prepare = (done) => done(null, parts._getArguments());
  parts._getFfmpegPath = (done) => done(null, command);
  parts._spawnFfmpeg = (args, _options, started, ended) => {
    const options: SpawnOptions & { captureStdout: boolean } = {
      captureStdout: false,
      // A group of its own: a Ctrl-C on the terminal is ours to handle, and the whole group can be killed at once.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', gateLine],
      env: toolEnvironment(process.env),
      windowsHide: true,
    };
    const begin: Started = (child, ...lines) => {
      keepGate(child);
      started(child, ...lines);
    };
    spawnFfmpeg([...prefix, ...args], options, begin, (error, stdout = none, stderr = none) =>
      ended(error, stdout, stderr),
    );
  };
}
