import { lstat, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { imagesFolder } from '../../shared/task/catalog.ts';
import { withRate } from '../../shared/task/grid.ts';
import type { Clip, Media } from '../../shared/task/media.ts';
import { clipFrames, type ClipInput } from '../../shared/task/plan.ts';
import { Problem } from '../../shared/task/problem.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import { writeTable } from '../color/write-table.ts';
import { clipCommand } from './args.ts';
import { followChanges } from './follow-changes.ts';
import { readClip } from './read-clip.ts';
import { clipOf, clipPlan, isDamaged, whatIsWrong } from './verify.ts';

export interface ClipLimits {
  /** Longest run on the clock. */
  seconds: number;
  /** Address space of FFmpeg, and as much more as each thread claims by itself. */
  memoryBytes: number;
  clipBytes: number;
}

/** A 4K part needs 1.5 GiB and 90 s on one core; the limits are for what is made to hurt. */
export const clipLimits: ClipLimits = { seconds: 1800, memoryBytes: 4 * 2 ** 30, clipBytes: 2 * 2 ** 30 };

/** Address space that a thread claims by itself: measured with 8 threads on 4K. */
export const memoryPerThread = 2 ** 29;

export interface EncodeRequest {
  /** Path of the source: a local file of a name of our own. */
  source: string;
  input: ClipInput;
  media: Media;
  profile: Profile;
  /** Folder of the images that the profile names. */
  images?: string;
  /** Path of the clip, which is overwritten. */
  to: string;
  threads: number;
  tools: Tools;
  signal: AbortSignal;
  limits?: ClipLimits;
  /** Called when FFmpeg is done, before the clip is read back. */
  onEncoded?: () => void;
  /** Called about twice a second with how much is done, from 0 to 1. */
  onProgress: (fraction: number) => void;
}

/**
 * Makes the clip of a part: command → FFmpeg → read back → compare with the plan.
 * A file that is not as planned is removed, and so is one half written.
 * @throws Problem clip_failed, clip_wrong, source_truncated or step_timeout; the signal's reason when aborted
 */
export async function encodeClip(request: EncodeRequest): Promise<Clip> {
  // All that FFmpeg may write to. A file gets out of it only when it is right.
  const folder = await mkdtemp(path.join(path.dirname(request.to), 'output-'));
  const made = { ...request, to: path.join(folder, 'clip.mp4') };
  try {
    await encode(made);
    request.onEncoded?.();
    const clip = await verified(made);
    await rename(made.to, request.to);
    return clip;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function encode(request: EncodeRequest): Promise<void> {
  const { source, media, tools, signal, threads, input, profile, images = imagesFolder, limits = clipLimits } = request;
  const image = (name: string) => path.join(images, name);
  const frames = clipFrames(input.part, withRate(profile, media));
  const folder = path.dirname(path.dirname(request.to));
  const table = await writeTable(media, folder);
  const sound = { from: input.part.start, until: input.part.end };
  const { damaged } = await followChanges({ source, media, sound, folder, tools, signal }, (learned, onMessage) =>
    runFfmpeg(clipCommand({ ...request, ...learned, table, image, mostBytes: limits.clipBytes }), {
      tools,
      signal,
      onMessage,
      wallSeconds: limits.seconds,
      allowance: {
        memory: limits.memoryBytes + threads * memoryPerThread,
        cpuSeconds: limits.seconds * threads,
        // -fs stops FFmpeg a little after its size, and faststart puts the index before it.
        fileSize: limits.clipBytes + 64 * 2 ** 20,
      },
      onFrames: (done) => request.onProgress(Math.min(1, done / frames)),
    }),
  );
  if (isDamaged(damaged, input)) throw new Problem('source_truncated', `${damaged} packets cannot be decoded`);
}

async function verified({ to, tools, signal, input, media, profile }: EncodeRequest): Promise<Clip> {
  // A link would have us publish another file.
  if (!(await lstat(to)).isFile()) throw new Problem('clip_wrong', 'the clip is no file');
  const reading = await readClip(to, { tools, signal });
  const wrong = whatIsWrong(reading, clipPlan(input, media, profile));
  if (wrong.length > 0) throw new Problem('clip_wrong', wrong.join('; '));
  return clipOf(reading);
}
