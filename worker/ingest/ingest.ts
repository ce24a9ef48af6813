import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { downloadSource } from '../../shared/fetch/download.ts';
import type { Ingested } from '../../shared/task/finish.ts';
import { Problem } from '../../shared/task/problem.ts';
import { fetchedSourceKey } from '../../shared/task/keys.ts';
import type { ClaimedStep } from '../../shared/task/task.ts';
import type { UsedSource } from '../clip/source-cache.ts';
import type { StepContext } from '../context.ts';
import { useSource } from '../use-source.ts';
import { hasOwnSound } from '../sound/args.ts';
import { withLoudness } from '../sound/measure-loudness.ts';
import { probeSource } from './probe.ts';
import { demuxers, headBytes, sniffVideo } from './sniff.ts';
import { planClips } from './timeline.ts';

/** From a source to a plan: fetch → sniff and probe, and at the same time store → plan. */
export async function ingest(step: ClaimedStep, context: StepContext): Promise<Ingested> {
  const { tools, settings, sources } = context;
  const source = await useSource(context, () => fetchSource(step, context));
  try {
    const examine = async (signal: AbortSignal) => {
      const limits = { maxSeconds: settings.SOURCE_MAX_SECONDS };
      const { on_truncated: onTruncated } = step.profile;
      const examined = await examineSource(source.path, { tools, signal, limits, onTruncated, folder: context.folder });
      const media = await withLoudness(source.path, examined.media, step.profile, { ...context, signal });
      // What a plan costs is found out by encoding; else only storing is left.
      if (!step.dry_run) context.leaveSlot();
      return { ...examined, media };
    };
    const store = (signal: AbortSignal) => storeSource(step, source.path, { ...context, signal });
    const [{ media, pictures }, sourceKey] = await bothAtOnce(examine, store, context.signal);
    if (!step.source_key) await sources.adopt(sourceKey, source.path);
    return {
      sourceKey,
      media,
      clips: planClips(pictures, media, step.profile),
      hasSoundStep: hasOwnSound(step.profile, media),
    };
  } finally {
    source.release();
  }
}

/** A local file of the source: downloaded, or uploaded before and already in storage. */
async function fetchSource(step: ClaimedStep, context: StepContext): Promise<UsedSource> {
  const { sources, settings, signal, folder, progress, log } = context;
  if (step.source_key) return sources.use(step.source_key, signal);
  if (step.source.kind !== 'url') throw new Problem('storage_failed', 'an upload without a stored file');
  const file = path.join(folder, 'source');
  const fetched = await downloadSource({
    url: step.source.url,
    to: file,
    allow: settings.SOURCE_ALLOW,
    limits: {
      maxBytes: settings.SOURCE_MAX_BYTES,
      wallSeconds: settings.FETCH_SECONDS,
      minBytesPerSecond: settings.FETCH_MIN_RATE,
    },
    signal,
    onProgress: (bytes, total) => progress(total ? (0.9 * bytes) / total : 0),
  });
  log.info({ bytes: fetched.bytes, hops: fetched.hops, tries: fetched.tries }, 'source fetched');
  return { path: file, release: () => {} };
}

/**
 * Whether a file is a video that we take, and what is in it: sniff → probe.
 * @throws what `sniffVideo` and `probeSource` throw
 */
export async function examineSource(file: string, options: Parameters<typeof probeSource>[1]) {
  return probeSource(file, { ...options, container: await sniffSource(file) });
}

/** @returns FFmpeg's name of the container */
async function sniffSource(file: string): Promise<string> {
  if ((await stat(file)).size === 0) throw new Problem('source_empty');
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return demuxers[sniffVideo(buffer.subarray(0, bytesRead))];
  } finally {
    await handle.close();
  }
}

/** A downloaded source goes to storage, for the other workers. */
async function storeSource(
  step: ClaimedStep,
  file: string,
  { storage, signal, onStoring }: StepContext,
): Promise<string> {
  if (step.source_key) return step.source_key;
  const key = fetchedSourceKey(step.task, step.attempt);
  // Before: what turns out to be no video is removed again.
  onStoring(key);
  const { bytes } = await storage.put(key, createReadStream(file), { signal });
  if (bytes !== (await stat(file)).size) throw new Problem('storage_failed', `stored ${bytes} bytes of ${file}`);
  return key;
}

/** When one fails the other is aborted and waited for. @throws what the first that failed has thrown */
async function bothAtOnce<One, Other>(
  one: (signal: AbortSignal) => Promise<One>,
  other: (signal: AbortSignal) => Promise<Other>,
  signal: AbortSignal,
): Promise<[One, Other]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const stopping = (error: unknown) => {
    stop.abort(error);
    throw error;
  };
  const work = [one(either).catch(stopping), other(either).catch(stopping)] as const;
  await Promise.allSettled(work);
  stop.signal.throwIfAborted();
  return Promise.all(work);
}
