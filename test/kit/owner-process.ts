import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { importTypeScript } from './program.ts';

export interface OwnerOptions {
  /** Whom to run as; as ourselves when not given. */
  user?: { uid: number; gid: number };
  /** Over our own environment. */
  env?: NodeJS.ProcessEnv;
}

/** Another process that is to own the Postgres of the folder; killed after the test. */
export function spawnOwner(t: TestContext, dataDir: string, { user, env }: OwnerOptions = {}): ChildProcess {
  const program = path.join(import.meta.dirname, 'postgres-owner.ts');
  const child = spawn(process.execPath, [...importTypeScript, program, dataDir], {
    ...user,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/**
 * Waits until the process owns its Postgres.
 *
 * @throws Error with what the process said, when it ends instead
 */
export async function ownedBy(child: ChildProcess): Promise<{ url: string; adopted: boolean }> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The output of the owner is not ours to read.');
  let said = '';
  stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [line] = await Promise.race([
    once(createInterface(stdout), 'line') as Promise<[string]>,
    once(child, 'close').then(() => Promise.reject(new Error(said))),
  ]);
  return JSON.parse(line) as { url: string; adopted: boolean };
}

/** Tells the process to stop and waits for its end. */
export async function stopOwner(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Kills the process and waits for its end; its Postgres goes on. */
export async function killOwner(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
