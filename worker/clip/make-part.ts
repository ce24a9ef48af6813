import { lstat, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { imagesFolder } from '../../shared/task/catalog.ts';
import { gridOf } from '../../shared/task/grid.ts';
import { partKey } from '../../shared/task/keys.ts';
import { Problem } from '../../shared/task/problem.ts';
import { fpsOf } from '../../shared/task/rate.ts';
import type { ClaimedStep, StoredFile, StoredPart } from '../../shared/task/task.ts';
import type { StepContext } from '../context.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { storeFile } from '../store-file.ts';
import { writeTable } from '../color/write-table.ts';
import { partCommand } from './args-part.ts';
import { clipLimits, memoryPerThread } from './encode.ts';
import { followChanges } from './follow-changes.ts';
import { framing } from './frame.ts';
import { readClip } from './read-clip.ts';
import { renditions, type Rendition } from './renditions.ts';
import { isDamaged, whatIsWrong } from './verify.ts';
import { useSource } from '../use-source.ts';

/**
 * From a part of what is joined to its stored pictures: source → encode → verify → store, in every size.
 * @throws Problem clip_failed, clip_wrong, source_truncated or step_timeout; the signal's reason when aborted
 */
export async function makePart(step: ClaimedStep, context: StepContext): Promise<StoredPart> {
  const { input, media, source_key: sourceKey, profile } = step;
  if (!input?.grid || !media || !sourceKey) throw new Problem('internal', 'a part without a plan');
  const { sources, signal, tools, progress } = context;
  const frames = input.grid.before + input.grid.frames + input.grid.after;
  // All that FFmpeg may write to.
  const folder = await mkdtemp(path.join(context.folder, 'output-'));
  const to = (name: string) => path.join(folder, `${name}.mp4`);
  const source = await useSource(context, () => sources.use(sourceKey, signal));
  try {
    const threads = await context.threads();
    const sizes = renditions(framing(media.video, profile.frame).frame, profile.join);
    const image = (name: string) => path.join(imagesFolder, name);
    const table = await writeTable(media, context.folder);
    const mostBytes = clipLimits.clipBytes;
    const request = { source: source.path, input, media, profile, image, to, threads, mostBytes, table };
    const changing = {
      source: source.path,
      media,
      sound: { from: 0, until: 0 },
      folder: context.folder,
      tools,
      signal,
    };
    const { damaged } = await followChanges(changing, (learned, onMessage) =>
      runFfmpeg(partCommand({ ...request, ...learned }), {
        tools,
        signal,
        onMessage,
        wallSeconds: clipLimits.seconds,
        allowance: {
          memory: clipLimits.memoryBytes + (threads + sizes.length) * memoryPerThread,
          cpuSeconds: clipLimits.seconds * (threads + sizes.length),
          fileSize: clipLimits.clipBytes + 64 * 2 ** 20,
        },
        onFrames: (done) => progress(Math.min(1, done / frames)),
      }),
    );
    if (isDamaged(damaged, input)) throw new Problem('source_truncated', `${damaged} packets cannot be decoded`);
    context.leaveSlot();
    const fps = fpsOf(gridOf(profile, media).rate);
    const files: StoredFile[] = [];
    for (const size of sizes) {
      await check(to(size.name), { ...size, frames, fps }, context);
      const key = partKey(step.task, input.grid.number, step.attempt, `${size.name}.mp4`);
      files.push({ name: `${size.name}.mp4`, ...(await storeFile(key, to(size.name), context)) });
    }
    return { files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), frames };
  } finally {
    source.release();
  }
}

async function check(
  file: string,
  plan: Rendition & { frames: number; fps: number },
  { tools, signal }: StepContext,
): Promise<void> {
  // A link would have us publish another file.
  if (!(await lstat(file)).isFile()) throw new Problem('clip_wrong', 'the part is no file');
  const reading = await readClip(file, { tools, signal });
  const wrong = whatIsWrong(reading, { ...plan, audio: null });
  // For a clip of its own two more or less do no harm; here they would be seen at the seam, and heard ever after.
  if (reading.video?.frames !== plan.frames) wrong.push(`${reading.video?.frames} pictures instead of ${plan.frames}`);
  if (wrong.length > 0) throw new Problem('clip_wrong', wrong.join('; '));
}
