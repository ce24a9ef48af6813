import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { undo, type Cleanup } from '../kit/undo.ts';

export type Line = Record<string, unknown> & { msg?: string };

/** A process of the service that is killed and started again. */
export interface ServiceProcess {
  /** `worker 2` */
  name: string;
  /** Where a web serves; empty for a worker. */
  url: string;
  readonly pid: number;
  /** Whether it has said that it is ready, and lives. */
  readonly ready: boolean;
  /** Ends that nobody asked for. */
  readonly ends: string[];
  /** Hears every line of its log until the answer is called. */
  hear(listener: (line: Line) => void): () => void;
  signal(name: NodeJS.Signals): void;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it; resolves when it is ready. One that cannot start yet is started again, as any supervisor would. */
  start(): Promise<void>;
  /** Asks it to stop, and waits. @returns its exit code, or the signal that ended it */
  stop(): Promise<number | string>;
}

export interface Starting {
  name: string;
  /** Path of the program. */
  main: string;
  env: Record<string, string>;
  url?: string;
  logFile: string;
  /** Modules that are loaded first. */
  preload?: string[];
}

/** A program that never ran will not run; but on a busy machine its database may be slow to answer at first. */
const FIRST_TRIES = 3;
const READY_WITHIN_MS = 180_000;

export function serviceProcess(t: Cleanup, { name, main, env, url = '', logFile, preload = [] }: Starting) {
  const listeners = new Set<(line: Line) => void>();
  const ends: string[] = [];
  const log: WriteStream = createWriteStream(logFile, { flags: 'a' });
  let child: ChildProcess | undefined;
  let isReady = false;
  let isWanted = false;
  let everReady = false;
  let vain = 0;

  function launch(): ChildProcess {
    const imports = preload.flatMap((file) => ['--import', file]);
    const launched = spawn(process.execPath, ['--enable-source-maps', ...imports, main], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    launched.stderr.pipe(log, { end: false });
    createInterface(launched.stdout).on('line', (text) => {
      log.write(`${text}\n`);
      const line = parsed(text);
      if (/^(web|worker) ready$/.test(line.msg ?? '') && launched === child) isReady = true;
      for (const listener of [...listeners]) listener(line);
    });
    launched.once('exit', (code, signal) => {
      if (launched === child && isReady && isWanted) ends.push(`${name} ended by itself: ${signal ?? code}`);
      if (launched === child) isReady = false;
    });
    return launched;
  }

  async function start(): Promise<void> {
    isWanted = true;
    for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end;) {
      child = launch();
      while (!isReady && isAlive(child)) await pause(10);
      if (isReady) everReady = true;
      if (isReady || !isWanted) return;
      // What stood in its way once may pass.
      if (!everReady && ++vain >= FIRST_TRIES) break;
      await pause(200);
    }
    const tail = (await readFile(logFile, 'utf8')).slice(-2_000);
    throw new Error(`${name} does not start:\n${tail}`);
  }

  async function end(signal: NodeJS.Signals): Promise<number | string> {
    isWanted = false;
    isReady = false;
    if (!child || !isAlive(child)) return child?.signalCode ?? child?.exitCode ?? 0;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code, by] = (await ended) as [number | null, string | null];
    return by ?? code ?? 0;
  }

  undo(t, async () => {
    await end('SIGKILL');
    log.end();
  });

  const process_: ServiceProcess = {
    name,
    url,
    ends,
    get pid() {
      return child?.pid ?? 0;
    },
    get ready() {
      return isReady;
    },
    hear(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    signal: (signal) => void child?.kill(signal),
    kill: async () => void (await end('SIGKILL')),
    start,
    stop: () => end('SIGTERM'),
  };
  return process_;
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function parsed(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return {};
  }
}
