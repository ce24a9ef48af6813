import { open, stat } from 'node:fs/promises';
import type { Media } from '../../shared/task/media.ts';
import { Problem } from '../../shared/task/problem.ts';
import { readJson, runFfprobe } from '../ffmpeg/ffprobe.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import { checkDecodable } from './decodable.ts';
import { readHeader, streamEntries, type Header } from './probe-streams.ts';
import { sourceRate } from './rate.ts';
import { whatIsMissing } from './timeline.ts';
import { readPacket, Scanner, type PictureScan } from './timeline-scan.ts';

export interface ProbeLimits {
  /** Longest source in seconds. */
  maxSeconds: number;
  /** Most pictures; by default the longest source at 120 a second. */
  maxPictures?: number;
  /** Longest time for opening the file, in seconds. */
  openSeconds?: number;
  /** Longest time for reading every packet, in seconds: a file of 4 GiB from a slow disk takes a minute. */
  scanSeconds?: number;
}

interface ProbeOptions {
  tools: Tools;
  signal: AbortSignal;
  limits: ProbeLimits;
  /** What the file was sniffed to be, as FFmpeg names it: then it is opened as nothing else. */
  container?: string;
}

/**
 * Finds out what a source is and where its pictures lie: header → packet scan, and at the same time a first picture.
 * @param path a local file of a name of our own
 * @throws Problem source_empty, source_not_video, source_no_picture, source_unsupported, source_truncated or
 *   source_too_long; the signal's reason when aborted
 */
export async function probeSource(
  path: string,
  options: ProbeOptions,
): Promise<{ media: Media; pictures: PictureScan }> {
  const { size } = await stat(path);
  if (size === 0) throw new Problem('source_empty');
  const header = await probeHeader(path, options);
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const decoding = checkDecodable(path, header, { ...options, signal }).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  try {
    const pictures = await scanPictures(path, header, options);
    const media = describe(header, pictures, size);
    const failed = await decoding;
    // The header names sound, but none comes: then the pictures are what counts.
    if (failed && header.audio && !media.audio) await checkDecodable(path, media, options);
    else if (failed) throw failed.error;
    return { media, pictures };
  } finally {
    over.abort();
    await decoding;
  }
}

async function probeHeader(path: string, { tools, signal, limits, container }: ProbeOptions): Promise<Header> {
  const { json, code, said, sawEndMissing } = await readJson(path, ['-show_entries', streamEntries], {
    tools,
    signal,
    container,
    seconds: limits.openSeconds ?? 60,
  });
  if (json !== null) return readHeader(json);
  if (sawEndMissing && (await beginsAsMp4(path))) throw new Problem('source_truncated', said);
  // Killed, by us for time or by its limits: a file made to be expensive.
  if (code === null) throw new Problem('source_unsupported', `opening the file was stopped: ${said}`);
  if (beyondUs.test(said)) throw new Problem('source_unsupported', said);
  throw new Problem('source_not_video', said);
}

/** How FFmpeg says that a video is one, but has a codec, pictures or streams that our flags do not allow. */
const beyondUs = /Codec \S+ not on whitelist|exceeds (specified max pixel count|max_streams)/;

/** An mp4 whose index is missing was cut off; any other file named `.mp4` is said to miss its index too. */
async function beginsAsMp4(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return ['ftyp', 'wide', 'free', 'skip', 'mdat'].includes(buffer.toString('latin1', 4));
  } finally {
    await file.close();
  }
}

async function scanPictures(
  path: string,
  header: Header,
  { tools, signal, limits }: ProbeOptions,
): Promise<PictureScan> {
  const { maxSeconds, maxPictures = maxSeconds * 120, scanSeconds = 900 } = limits;
  const scanner = new Scanner(header.video.index, header.startsAt, { seconds: maxSeconds, pictures: maxPictures });
  const entries = 'packet=stream_index,pts_time,dts_time,duration_time,flags';
  const { code, said, sawEndMissing } = await runFfprobe(path, ['-show_entries', entries, '-of', 'csv=p=0'], {
    tools,
    signal,
    container: header.container,
    seconds: scanSeconds,
    onLine: (line) => {
      const packet = readPacket(line);
      if (packet) scanner.add(packet);
    },
  });
  if (code === null) throw new Problem('step_timeout', `the packet scan was stopped: ${said}`);
  const scan = scanner.finish();
  const missing = whatIsMissing(scan, { ...header.claims, sawEndMissing });
  if (missing !== null) throw new Problem('source_truncated', missing);
  if (scan.times.length === 0) throw new Problem('source_no_picture', 'no packet in the stream of pictures');
  if (scan.ends_at > maxSeconds) throw new Problem('source_too_long', `${scan.ends_at} s`);
  return scan;
}

function describe({ container, startsAt, video, audio }: Header, scan: PictureScan, bytes: number): Media {
  const shownFor = scan.ends_at - (scan.times[0] ?? 0);
  const fps = scan.times.length / Math.max(shownFor, 1e-3);
  // A stream of sound without a single packet is none.
  const soundEnd = audio ? scan.streams_end_at.get(audio.index) : undefined;
  return {
    container,
    bytes,
    starts_at: startsAt,
    seconds: scan.ends_at,
    video: {
      ...video,
      fps,
      rate: sourceRate(scan.times),
      first_at: scan.times[0] ?? 0,
      last_at: scan.times.at(-1) ?? 0,
    },
    audio: audio && soundEnd !== undefined ? { ...audio, ends_at: soundEnd } : null,
  };
}
