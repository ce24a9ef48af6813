import { open, stat } from 'node:fs/promises';
import type { Media } from '../../shared/task/media.ts';
import { Problem, safeName } from '../../shared/task/problem.ts';
import { readJson, runFfprobe, type ProbeEnd } from '../ffmpeg/ffprobe.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import { describe } from './describe.ts';
import { lookFirst, type FirstLook } from './first-look.ts';
import { nothingInside, readHeader, type Header } from './header.ts';
import { findSound } from './find-sound.ts';
import { findScan } from './find-scan.ts';
import { suspicion } from './look-at-lines.ts';
import { readMp4Facts } from './mp4-index.ts';
import { packetEntries, readPacket } from './packet.ts';
import { encryptedProblem, type PictureHead } from './picture-stream.ts';
import { streamEntries } from './streams.ts';
import { Scanner, type PictureScan } from './timeline-scan.ts';

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

export interface ProbeOptions {
  tools: Tools;
  signal: AbortSignal;
  limits: ProbeLimits;
  /** What the file was sniffed to be, as FFmpeg names it: then it is opened as nothing else. */
  container?: string;
  /** For passing files; the system's temporary folder by default. */
  folder?: string;
  /** What becomes of a source that is cut off; by default what is there is used. */
  onTruncated?: 'make' | 'refuse';
}

/**
 * Finds out what a source is and where its pictures lie: header → packet scan, and at the same time a first picture →
 * which sound, and whether it is interlaced → all of it in words.
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
  const { header, opens } = await probeHeader(path, options);
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const looking = settled(firstLook(path, header, { ...options, signal }));
  try {
    const { scanner, sawEndMissing } = await scanPackets(path, header, opens, options);
    const look = unwrap(await looking);
    const sound = await findSound(path, { header, scanner, first: look.sound }, options);
    const found = scanner.finish(sound.used);
    const lines = await findScan(path, header, found, look.lines, options);
    return describe({ header, bytes: size, found, sound, lines, sawEndMissing }, options);
  } finally {
    over.abort();
    await looking;
  }
}

/** @returns also the decoders that ffprobe has to be allowed to open, of streams that are not used */
async function probeHeader(path: string, { tools, signal, limits, container }: ProbeOptions) {
  const run = { tools, signal, container, seconds: limits.openSeconds ?? 60 };
  const args = ['-show_entries', streamEntries];
  let end = await readJson(path, args, run);
  const opens = refusedDecoders(end);
  if (end.json === null && opens.length > 0) end = await readJson(path, args, { ...run, opens });
  const { json, code, said, sawEndMissing } = end;
  if (json !== null) return { header: await withMp4Facts(path, readHeader(json)), opens };
  if (sawEndMissing && (await beginsAsMp4(path))) throw new Problem('source_truncated', said);
  // Killed, by us for time or by its limits: a file made to be expensive.
  if (code === null) throw new Problem('source_unsupported', `opening the file was stopped: ${said}`);
  if (beyondUs.test(said)) throw new Problem('source_unsupported', said);
  throw new Problem('source_not_video', said);
}

/** @throws Problem source_unsupported for what is encrypted */
async function withMp4Facts(path: string, header: Header): Promise<Header> {
  const { container, video, claims } = header;
  if (!container.split(',').includes('mov')) return header;
  const stored = { width: video?.width ?? 0, height: video?.height ?? 0 };
  const { aperture, encrypted, cutOff } = await readMp4Facts(path, video?.index ?? null, stored);
  if (encrypted) throw encryptedProblem('encv');
  const seen = video && aperture ? { ...video, aperture } : video;
  return { ...header, video: seen, claims: { ...claims, cutOff } };
}

/** How FFmpeg says that a video is one, but has a codec, pictures or streams that our flags do not allow. */
const beyondUs = /Codec \S+ not on whitelist|exceeds (specified max pixel count|max_streams)/;

function refusedDecoders({ said }: ProbeEnd): string[] {
  return [...new Set([...said.matchAll(/Codec \((\w+)\) not on whitelist/g)].map(([, name]) => name ?? ''))];
}

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

/**
 * The first picture, the first sound, and some lines. Sound that does not decode is no obstacle.
 * @throws Problem source_unsupported
 */
async function firstLook(
  path: string,
  header: Header,
  options: ProbeOptions,
): Promise<{ sound: Pick<FirstLook, 'failed' | 'silent'>; lines: FirstLook['lines'] }> {
  const { container, video, cover, sounds, claims } = header;
  const [first] = sounds;
  const sound = first && first.channels > 0 ? { index: first.index, channels: first.channels } : null;
  const length = claims.seconds ?? 0;
  // What stands still has one picture, at the beginning.
  const at = video && length > shortestSeek && length < longestSeek ? length * middle : 0;
  const lines = video && suspicion(video) === 'once' ? { height: video.height } : null;
  const wanted = { container, picture: (video ?? cover)?.index ?? null, sound, lines, at };
  const none = { failed: 'no channels', silent: false };
  // A file that is shorter than it says has nothing in its middle.
  for (const place of at > 0 ? [at, 0] : [0]) {
    const all = await lookFirst(path, { ...wanted, at: place }, options);
    if (all.failed === null) return { sound: sound ? all : none, lines: all.lines };
  }
  const withoutSound = { ...wanted, sound: null, at: 0 };
  if (!video)
    return { sound: sound ? await lookFirst(path, { ...wanted, picture: null }, options) : none, lines: null };
  const alone = await lookFirst(path, withoutSound, options);
  if (alone.failed === null) return { sound: { failed: 'it does not decode', silent: false }, lines: alone.lines };
  throw new Problem('source_unsupported', `${video.codec} in ${container}: ${alone.failed}`, {
    words: wordsFor(video),
  });
}

function wordsFor({ codec, codec_tag }: PictureHead): string {
  const name = codec === 'unknown' ? codec_tag : codec;
  return `The video is encoded as ${safeName(name)}, which this service does not decode, or not in this form.`;
}

/** Where to look first, as part of the length; and lengths for which that is worth a seek, or no promise, in seconds. */
const middle = 0.45;
const shortestSeek = 1;
const longestSeek = 43_200;

async function scanPackets(
  path: string,
  header: Header,
  opens: readonly string[],
  { tools, signal, limits }: ProbeOptions,
): Promise<{ scanner: Scanner; sawEndMissing: boolean }> {
  const { maxSeconds, maxPictures = maxSeconds * 120, scanSeconds = 900 } = limits;
  const scanner = new Scanner(header.video?.index ?? null, { seconds: maxSeconds, pictures: maxPictures });
  const { code, said, sawEndMissing } = await runFfprobe(path, ['-show_entries', packetEntries, '-of', 'csv=p=0'], {
    ...{ tools, signal, opens, container: header.container, seconds: scanSeconds },
    onLine: (line) => {
      const packet = readPacket(line);
      if (packet) scanner.add(packet);
    },
  });
  if (code === null) throw new Problem('step_timeout', `the packet scan was stopped: ${said}`);
  const tracks = [...(header.video ? [header.video] : []), ...header.sounds];
  if (!tracks.some(({ index }) => scanner.has(index))) throw nothingInside(header);
  return { scanner, sawEndMissing };
}

/** A promise that never rejects, so that it may be waited for later. */
function settled<Result>(work: Promise<Result>): Promise<{ value: Result } | { error: unknown }> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function unwrap<Result>(result: { value: Result } | { error: unknown }): Result {
  if ('error' in result) throw result.error;
  return result.value;
}
