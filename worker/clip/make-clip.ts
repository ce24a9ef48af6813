import path from 'node:path';
import { Problem } from '../../shared/task/problem.ts';
import { clipKey } from '../../shared/task/keys.ts';
import type { ClaimedStep, StoredClip } from '../../shared/task/task.ts';
import type { StepContext } from '../context.ts';
import { storeFile } from '../store-file.ts';
import { encodeClip } from './encode.ts';
import { useSource } from '../use-source.ts';

/** From a part to a stored clip: source → encode and verify → store. */
export async function makeClip(step: ClaimedStep, context: StepContext): Promise<StoredClip> {
  const { input, media, source_key: sourceKey } = step;
  if (!input || !media || !sourceKey) throw new Problem('internal', 'a clip step without a plan');
  const { sources, signal } = context;
  const source = await useSource(context, () => sources.use(sourceKey, signal));
  try {
    const to = path.join(context.folder, 'clip.mp4');
    const clip = await encodeClip({
      source: source.path,
      input,
      media,
      profile: step.profile,
      to,
      threads: await context.threads(),
      tools: context.tools,
      signal,
      onEncoded: context.leaveSlot,
      onProgress: context.progress,
    });
    // The key carries the attempt: a worker that was given up cannot overwrite what is published.
    const stored = await storeFile(clipKey(step.task, step.part ?? 0, step.attempt), to, context);
    return { ...clip, ...stored };
  } finally {
    source.release();
  }
}
