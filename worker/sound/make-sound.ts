import { lstat, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { soundKey } from '../../shared/task/keys.ts';
import { Problem } from '../../shared/task/problem.ts';
import type { ClaimedStep, StoredSound } from '../../shared/task/task.ts';
import type { Media } from '../../shared/task/media.ts';
import { readClip } from '../clip/read-clip.ts';
import type { StepContext } from '../context.ts';
import { SoundChanges } from '../ffmpeg/failure.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { storeFile } from '../store-file.ts';
import { encoderDelay, soundCommand, wholeSamples } from './args.ts';
import { evenOut } from './even-out.ts';
import { useSource } from '../use-source.ts';

/** Six hours take six minutes on one core. */
const wallSeconds = 3600;
const allowance = { memory: 2 * 2 ** 30, cpuSeconds: wallSeconds, fileSize: 2 * 2 ** 30 };

/**
 * The sound of a whole source, made once: source → encode → verify → store.
 * @throws Problem clip_failed, clip_wrong or step_timeout; the signal's reason when aborted
 */
export async function makeSound(step: ClaimedStep, context: StepContext): Promise<StoredSound> {
  const { media, profile, source_key: sourceKey } = step;
  if (!media || !sourceKey || !profile.audio) throw new Problem('internal', 'a sound step without a plan');
  const { sources, signal, tools } = context;
  const to = path.join(await mkdtemp(path.join(context.folder, 'output-')), 'sound.mp4');
  const source = await useSource(context, () => sources.use(sourceKey, signal));
  const limits = { tools, signal, wallSeconds, allowance };
  const runSound = async (file: string, of: Media) => {
    try {
      await runFfmpeg(soundCommand(file, of, profile, to), limits);
    } catch (error) {
      if (!(error instanceof SoundChanges)) throw error;
      const stretch = { from: 0, until: of.seconds };
      const evenSound = await evenOut(file, of, stretch, context.folder, { tools, signal });
      await runFfmpeg(soundCommand(file, of, profile, to, evenSound), limits);
    }
  };
  try {
    await runSound(source.path, media);
  } finally {
    source.release();
  }
  context.leaveSlot();
  if (!(await lstat(to)).isFile()) throw new Problem('clip_wrong', 'the sound is no file');
  const seconds = wholeSamples(profile, media) / profile.audio.sample_rate;
  const { audio } = await readClip(to, { tools, signal });
  // Whole packets: up to one more, and the encoder's own lead.
  const off = (3 * encoderDelay) / profile.audio.sample_rate;
  if (!audio || Math.abs(audio.seconds - seconds) > off || audio.channels !== profile.audio.channels) {
    throw new Problem('clip_wrong', `sound: ${audio?.seconds} s, ${audio?.channels} channels instead of ${seconds} s`);
  }
  const { key, bytes } = await storeFile(soundKey(step.task, step.attempt), to, context);
  return { key, bytes, seconds };
}
