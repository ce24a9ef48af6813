import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../shared/task/problem.ts';
import { readDone } from '../../shared/task/read.ts';
import type { ClaimedStep, StoredPart, StoredSound } from '../../shared/task/task.ts';
import type { StepContext } from '../context.ts';

/** What the other steps have made, as local files. */
export interface Gathered {
  /** Each size by its name, with its parts in order. */
  sizes: Map<string, string[]>;
  sound: string | null;
  bytes: number;
}

/** Fetches the parts and the sound of a task. @throws Problem internal when a part is missing */
export async function gather(step: ClaimedStep, { db, storage, folder, signal }: StepContext): Promise<Gathered> {
  const done = await readDone(db, step.task);
  const clips = done.filter(({ kind }) => kind === 'clip');
  const to = path.join(folder, 'parts');
  await mkdir(to, { mode: 0o755 });
  const sizes = new Map<string, string[]>();
  let bytes = 0;
  for (const [index, clip] of clips.entries()) {
    if (clip.part !== index + 1) throw new Problem('internal', `part ${index + 1} is missing`);
    for (const file of (clip.output as StoredPart).files) {
      const local = path.join(to, `${clip.part}-${file.name}`);
      await storage.fetch(file.key, local, signal);
      const size = path.parse(file.name).name;
      sizes.set(size, [...(sizes.get(size) ?? []), local]);
      bytes += file.bytes;
    }
  }
  const sound = done.find(({ kind }) => kind === 'sound')?.output as StoredSound | undefined;
  if (sound) await storage.fetch(sound.key, path.join(to, 'sound.mp4'), signal);
  return { sizes, sound: sound ? path.join(to, 'sound.mp4') : null, bytes: bytes + (sound?.bytes ?? 0) };
}
