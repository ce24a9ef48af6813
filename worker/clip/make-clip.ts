import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Problem } from '../../shared/task/problem.ts';
import { clipKey } from '../../shared/task/keys.ts';
import type { ClaimedStep, StoredClip } from '../../shared/task/task.ts';
import type { StepContext } from '../context.ts';
import { encodeClip } from './encode.ts';

/** From a part to a stored clip: source → encode and verify → store. */
export async function makeClip(step: ClaimedStep, context: StepContext): Promise<StoredClip> {
  const { input, media, source_key: sourceKey } = step;
  if (!input || !media || !sourceKey) throw new Problem('internal', 'a clip step without a plan');
  const { sources, signal } = context;
  const source = await sources.use(sourceKey, signal);
  try {
    const to = path.join(context.folder, 'clip.mp4');
    const clip = await encodeClip({
      source: source.path,
      input,
      media,
      profile: step.profile,
      to,
      threads: context.threads,
      tools: context.tools,
      signal,
      onProgress: context.progress,
    });
    return { ...clip, ...(await storeClip(step, to, clip.bytes, context)) };
  } finally {
    source.release();
  }
}

/** The key carries the attempt: a worker that was given up cannot overwrite what is published. */
async function storeClip(step: ClaimedStep, file: string, bytes: number, { storage, signal }: StepContext) {
  const key = clipKey(step.task, step.part ?? 0, step.attempt);
  const stored = await storage.put(key, createReadStream(file), { signal });
  const found = await storage.stat(key);
  if (stored.bytes !== bytes || found?.bytes !== bytes) {
    throw new Problem('storage_failed', `${key}: made ${bytes} bytes, sent ${stored.bytes}, stored ${found?.bytes}`);
  }
  return { key, sha256: stored.sha256 };
}
