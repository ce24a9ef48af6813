import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { undo, type Cleanup } from '../../test/kit/undo.ts';
import type { Ground } from '../ground.ts';
import { startWebProcess } from '../web-process.ts';
import { costsByPlace, type Cost, type CpuProfile } from './costs.ts';
import { load, type Load } from './load.ts';

const kept = path.join(import.meta.dirname, '../../build/bench/api.cpuprofile');

/** Loads another web process under a profiler. Answers where its time went, the costliest place first. */
export async function profileList(
  t: Cleanup,
  ground: Ground,
  { env, ...given }: Omit<Load, 'url'> & { env: Record<string, string> },
): Promise<Cost[]> {
  await mkdir(path.dirname(kept), { recursive: true });
  const options = `--import ${path.join(import.meta.dirname, 'profiler.js')}`;
  const { url, program } = await startWebProcess(t, { ...env, NODE_OPTIONS: options, PROFILE_TO: kept }, ground);
  undo(t, () => program.kill('SIGKILL'));
  // What is asked first pays for compiling.
  await load({ ...given, url, seconds: given.seconds / 2 });
  program.kill('SIGUSR2');
  await load({ ...given, url });
  program.kill('SIGTERM');
  await program.ended;
  return costsByPlace(JSON.parse(await readFile(kept, 'utf8')) as CpuProfile);
}
