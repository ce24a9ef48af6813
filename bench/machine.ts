import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import { tools } from '../test/kit/videos.ts';

/** Where figures were measured: without it they say little. */
export interface Machine {
  cpu: string;
  cores: number;
  /** GiB. */
  memory: number;
  system: string;
  node: string;
  ffmpeg: string;
  commit: string;
  /** Of the last minute, when the measurement began: what else the machine was doing. */
  load: number;
}

export async function describeMachine(): Promise<Machine> {
  const [first] = os.cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memory: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    ffmpeg: /version (\S+)/.exec(await output(tools.ffmpeg, ['-version']))?.[1] ?? 'unknown',
    commit: (await output('git', ['describe', '--always', '--dirty'])).trim() || 'unknown',
    load: Number((os.loadavg()[0] ?? NaN).toFixed(1)),
  };
}

async function output(program: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd: import.meta.dirname }).catch(() => ({
    stdout: '',
  }));
  return stdout;
}
