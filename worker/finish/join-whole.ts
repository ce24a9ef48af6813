import { lstat, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gridOf } from '../../shared/task/grid.ts';
import { wholeKey } from '../../shared/task/keys.ts';
import { Problem } from '../../shared/task/problem.ts';
import type { ClaimedStep, StoredClip } from '../../shared/task/task.ts';
import { readClip } from '../clip/read-clip.ts';
import { clipOf } from '../clip/verify.ts';
import type { StepContext } from '../context.ts';
import type { Command } from '../ffmpeg/command.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { storeFile } from '../store-file.ts';
import { partList, wholeCommand } from './args.ts';
import { gather } from './gather.ts';
import { checkPictures, checkSame, checkSound } from './verify-whole.ts';

/** Copying six hours from a slow disk takes some minutes. */
const wallSeconds = 1800;

/**
 * All parts as one clip: gather → join by copying → verify → store.
 * @throws Problem clip_failed, clip_wrong or step_timeout; the signal's reason when aborted
 */
export async function joinWhole(step: ClaimedStep, context: StepContext): Promise<StoredClip> {
  if (!step.media) throw new Problem('internal', 'a finish step without a source');
  const grid = gridOf(step.profile, step.media);
  const { sizes, sound, bytes } = await context.withoutSlot(() => gather(step, context));
  const [parts] = sizes.values();
  if (!parts) throw new Problem('internal', 'nothing to join');
  await checkSame(parts);
  const list = await writeList(parts);
  const to = path.join(await mkdtemp(path.join(context.folder, 'output-')), 'whole.mp4');
  await runJoin(wholeCommand({ list, parts, sound, grid, to }), bytes, context);
  await checkPictures(to, grid, context);
  if (sound) await checkSound(to, grid, context);
  context.leaveSlot();
  const clip = clipOf(await readClip(to, context));
  return { ...clip, ...(await storeFile(wholeKey(step.task, step.attempt), to, context)) };
}

/** Beside the parts, where FFmpeg may read. */
export async function writeList(parts: readonly string[]): Promise<string> {
  const [first = ''] = parts;
  const list = `${first}.ffconcat`;
  await writeFile(list, partList(parts));
  return list;
}

/** @param bytes of what goes in: more does not come out */
export async function runJoin(command: Command, bytes: number, { tools, signal }: StepContext): Promise<void> {
  const allowance = { memory: 2 * 2 ** 30, cpuSeconds: wallSeconds, fileSize: 2 * bytes + 64 * 2 ** 20 };
  await runFfmpeg(command, { tools, signal, wallSeconds, allowance });
  if (!(await lstat(command.output.replace(/^file:/, ''))).isFile())
    throw new Problem('clip_wrong', 'no file came out');
}
