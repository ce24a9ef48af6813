import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import type { Media } from '../../shared/task/media.ts';
import { Problem } from '../../shared/task/problem.ts';
import { seekOption } from '../clip/pictures.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Tools } from '../ffmpeg/tools.ts';

const sampleRate = 48_000;
const wallSeconds = 3600;

/** Bytes of a second: two channels of 16 bits, and the time stamps. */
const bytesPerSecond = 2 * 2 * sampleRate * 1.2;

/** Seconds before and after that are decoded with it: decoders need a moment to swing in. */
const lead = 2;

/**
 * Writes the sound of a source in one form all through: stereo at 48 kHz, each piece with its own time stamp. Of a source
 * whose sound changes its channels or rate in the middle, FFmpeg's filters would start over at each change, and count
 * from there; here they count nothing.
 * @param stretch seconds of the source
 * @param folder where a folder for the file is made
 * @returns path of the file
 * @throws Problem clip_failed, clip_impossible, step_timeout
 */
export async function evenOut(
  source: string,
  media: Media,
  stretch: { from: number; until: number },
  folder: string,
  { tools, signal }: { tools: Tools; signal: AbortSignal },
): Promise<string> {
  const to = path.join(await mkdtemp(path.join(folder, 'even-')), 'sound.nut');
  const seconds = stretch.until - stretch.from + 2 * lead;
  const allowance = {
    memory: 4 * 2 ** 30,
    cpuSeconds: wallSeconds,
    fileSize: Math.ceil(seconds * bytesPerSecond) + 2 ** 24,
  };
  await runFfmpeg(evenCommand(source, media, { ...stretch, to }), { tools, signal, wallSeconds, allowance });
  return to;
}

function evenCommand(
  source: string,
  media: Media,
  { from, until, to }: { from: number; until: number; to: string },
): Command {
  const { audio, container, starts_at } = media;
  if (!audio) throw new Problem('internal', 'no sound to even out');
  const begin = Math.max(0, from - lead);
  return {
    inputs: [
      {
        address: fileAddress(source),
        options: [
          ...['-copyts', '-threads', '1', ...userFileFlags(container), '-vn', '-sn', '-dn'],
          ...seekOption(begin > 0 ? begin : null, media),
        ],
      },
    ],
    filters: [],
    options: [
      ...[
        '-map',
        `0:${audio.index}`,
        '-af',
        `atrim=end=${(starts_at + until + lead).toFixed(3)},aresample=${sampleRate},aformat=sample_fmts=s16:channel_layouts=stereo`,
      ],
      ...['-c:a', 'pcm_s16le', '-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-f', 'nut'],
    ],
    output: fileAddress(to),
  };
}
