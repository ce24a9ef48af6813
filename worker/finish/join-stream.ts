import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gridOf, wholeFrames, type Grid } from '../../shared/task/grid.ts';
import { streamKey } from '../../shared/task/keys.ts';
import { Problem } from '../../shared/task/problem.ts';
import { fpsOf } from '../../shared/task/rate.ts';
import type { ClaimedStep, StoredFile, StoredStream } from '../../shared/task/task.ts';
import { framing } from '../clip/frame.ts';
import { renditions, type Rendition } from '../clip/renditions.ts';
import type { StepContext } from '../context.ts';
import { storeFile } from '../store-file.ts';
import { renditionCommand, soundTrackCommand } from './args.ts';
import { avcConfig } from './boxes.ts';
import { gather } from './gather.ts';
import { runJoin, writeList } from './join-whole.ts';
import { codecName, keyPlaylist, masterPlaylist, mediaPlaylist, type Media, type Picture } from './playlists.ts';
import { readMoov, readTrack } from './read-mp4.ts';
import { picturesCommand, sheetOf, sheetTimes } from './thumbnails.ts';
import { checkPictures, checkSame, checkSound } from './verify-whole.ts';

/**
 * All parts as a stream of several sizes: gather → join each by copying → verify → playlists and pictures → store.
 * @throws Problem clip_failed, clip_wrong or step_timeout; the signal's reason when aborted
 */
export async function joinStream(step: ClaimedStep, context: StepContext): Promise<StoredStream> {
  const { media, profile } = step;
  if (!media) throw new Problem('internal', 'a finish step without a source');
  const grid = gridOf(profile, media);
  const gathered = await context.withoutSlot(() => gather(step, context));
  const sizes = renditions(framing(media.video, profile.frame).frame, profile.join);
  const [largest] = sizes;
  if (!largest) throw new Problem('internal', 'nothing to join');
  const stream = new Stream(step, await mkdtemp(path.join(context.folder, 'stream-')), context);

  const pictures: Picture[] = [];
  for (const size of sizes) {
    pictures.push(await joinSize(size, gathered.sizes.get(size.name) ?? [], grid, gathered.bytes, context, stream));
  }
  const sound = gathered.sound ? await joinSound(gathered.sound, grid, gathered.bytes, context, stream) : null;
  const seconds = wholeFrames(grid) / fpsOf(grid.rate);
  const heard = sound && { ...sound, channels: profile.audio?.channels ?? 2 };
  await stream.text('master.m3u8', masterPlaylist(pictures, heard, fpsOf(grid.rate)));
  return {
    ...{ files: stream.files, bytes: stream.files.reduce((sum, { bytes }) => sum + bytes, 0) },
    ...{ seconds, frames: wholeFrames(grid), width: largest.width, height: largest.height },
    has_sound: sound !== null,
  };
}

/** The files of a stream as they come to be; each leaves the disk as soon as it is stored. */
class Stream {
  readonly files: StoredFile[] = [];

  constructor(
    private readonly step: ClaimedStep,
    private readonly folder: string,
    private readonly context: StepContext,
  ) {}

  async file(name: string, local: string): Promise<void> {
    const { key, bytes } = await storeFile(streamKey(this.step.task, this.step.attempt, name), local, this.context);
    this.files.push({ name, key, bytes });
    await rm(local);
  }

  async text(name: string, text: string): Promise<void> {
    const local = path.join(this.folder, name);
    await writeFile(local, text);
    await this.file(name, local);
  }

  async playlists(media: Media): Promise<void> {
    await this.text(`${media.name}.m3u8`, mediaPlaylist(media));
  }
}

async function joinSize(
  { name, width, height }: Rendition,
  parts: string[],
  grid: Grid,
  bytes: number,
  context: StepContext,
  stream: Stream,
): Promise<Picture> {
  await checkSame(parts);
  const output = await mkdtemp(path.join(context.folder, 'output-'));
  const to = path.join(output, `${name}.mp4`);
  await runJoin(renditionCommand({ list: await writeList(parts), parts, grid, to }), bytes, context);
  await checkPictures(to, grid, context);
  const config = avcConfig(await readMoov(to));
  const track = await readTrack(to);
  if (!config) throw new Problem('clip_wrong', 'pictures without a description');
  const picture = { name, width, height, track, codec: codecName(config) };
  await stream.playlists(picture);
  await stream.text(`${name}-keys.m3u8`, keyPlaylist(picture));
  // Those of the largest size: the others' are smaller versions of the same.
  if (stream.files.every((file) => file.name !== 'poster.jpg')) await drawPictures(to, picture, grid, context, stream);
  await stream.file(`${name}.mp4`, to);
  return picture;
}

async function joinSound(sound: string, grid: Grid, bytes: number, context: StepContext, stream: Stream) {
  const to = path.join(await mkdtemp(path.join(context.folder, 'output-')), 'sound.mp4');
  await runJoin(soundTrackCommand({ sound, grid, to }), bytes, context);
  await checkSound(to, grid, context);
  const media = { name: 'sound', track: await readTrack(to) };
  await stream.playlists(media);
  await stream.file('sound.mp4', to);
  return media;
}

async function drawPictures(video: string, size: Picture, grid: Grid, context: StepContext, stream: Stream) {
  const output = await mkdtemp(path.join(context.folder, 'output-'));
  const to = { sheet: path.join(output, 'sprite.jpg'), poster: path.join(output, 'poster.jpg') };
  const sheet = sheetOf(grid, size);
  await runJoin(picturesCommand(video, sheet, to), 64 * 2 ** 20, context);
  await stream.file('sprite.jpg', to.sheet);
  await stream.file('poster.jpg', to.poster);
  await stream.text('sprite.vtt', sheetTimes(sheet, wholeFrames(grid) / fpsOf(grid.rate)));
}
