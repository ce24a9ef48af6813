import path from 'node:path';
import type { TestContext } from 'node:test';
import { imagesFolder } from '../../shared/task/catalog.ts';
import { gridOf, type Grid } from '../../shared/task/grid.ts';
import type { Media } from '../../shared/task/media.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { partCommand } from '../../worker/clip/args-part.ts';
import { framing } from '../../worker/clip/frame.ts';
import { readClip } from '../../worker/clip/read-clip.ts';
import { renditions } from '../../worker/clip/renditions.ts';
import type { Command } from '../../worker/ffmpeg/command.ts';
import { runFfmpeg } from '../../worker/ffmpeg/run.ts';
import { planClips } from '../../worker/ingest/timeline.ts';
import { always, probe, temporaryFolder } from '../kit/videos-clip.ts';

/** A source and the parts of its whole, made as a worker makes them, without a service. */
export interface MadeParts {
  media: Media;
  grid: Grid;
  /** Files of the largest size. */
  files: string[];
  /** Pictures of every part, and how many there should be. */
  pictures: number[];
  planned: number[];
  folder: string;
}

export async function makeParts(t: TestContext, source: string, profile: Profile): Promise<MadeParts> {
  const folder = await temporaryFolder(t);
  const { media, pictures: scan } = await probe(source);
  const made: MadeParts = { media, grid: gridOf(profile, media), files: [], pictures: [], planned: [], folder };
  const [largest] = renditions(framing(media.video, profile.frame).frame, profile.join);
  for (const input of planClips(scan, media, profile)) {
    const to = (name: string) => path.join(folder, `${input.part.number}-${name}.mp4`);
    const image = (name: string) => path.join(imagesFolder, name);
    await ran(partCommand({ source, input, media, profile, image, to, threads: 1, mostBytes: 2 ** 30 }));
    const file = to(largest?.name ?? '');
    const { before = 0, frames = 0, after = 0 } = input.grid ?? {};
    made.files.push(file);
    made.pictures.push((await readClip(file, always)).video?.frames ?? 0);
    made.planned.push(before + frames + after);
  }
  return made;
}

/** Runs a command within limits that no test reaches. */
export async function ran(command: Command): Promise<void> {
  const allowance = { memory: 4 * 2 ** 30, cpuSeconds: 60, fileSize: 2 ** 30 };
  await runFfmpeg(command, { ...always, wallSeconds: 60, allowance });
}
