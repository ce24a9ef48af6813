import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  candidates,
  describePictures,
  nameOf,
  readFrames,
  type DecodedPictures,
  type DecodedSound,
  type DecodedStream,
  type Expected,
  type ProbedStream,
} from './expected.ts';

/** FFmpeg's programs, and how long they may take. */
export interface Decoding {
  tools: { ffmpeg: string; ffprobe: string };
  /** Longest decode of a stream, in seconds. */
  patience: number;
  signal: AbortSignal;
}

/** What a file is, by decoding all of its pictures and sound, without anything of the service. */
export async function expect(file: string, decoding: Decoding): Promise<Expected> {
  const probed = await probe(file, decoding);
  if ('unreadable' in probed) return { pictures: null, sounds: [], ...probed };
  const { pictures, sounds } = candidates(probed.streams);
  let seen: DecodedPictures | null = null;
  for (const stream of pictures) {
    const decoded = seen ? null : await decode(file, stream.index, decoding);
    // A still beside a film is not the film.
    if (decoded && (decoded.count > 1 || pictures.length === 1)) seen = describePictures(stream, decoded);
  }
  const heard: DecodedSound[] = [];
  for (const stream of sounds) {
    const decoded = await decode(file, stream.index, decoding);
    heard.push({ index: stream.index, codec: nameOf(stream), heard: decoded });
  }
  const isVain = seen === null && heard.every(({ heard }) => heard === null);
  const codecs = [...pictures, ...sounds].map(nameOf).join(', ');
  return {
    pictures: seen,
    sounds: heard,
    unreadable: isVain ? `no frame is decoded of ${codecs || 'any stream'}` : null,
  };
}

async function probe(
  file: string,
  { tools, signal }: Decoding,
): Promise<{ streams: ProbedStream[] } | { unreadable: string }> {
  const args = ['-v', 'error', '-show_streams', '-of', 'json', `file:${file}`];
  try {
    const { stdout } = await promisify(execFile)(tools.ffprobe, args, { ...limits, signal, timeout: 120_000 });
    return { streams: (JSON.parse(stdout) as { streams?: ProbedStream[] }).streams ?? [] };
  } catch (error) {
    signal.throwIfAborted();
    return { unreadable: lastLine(error) };
  }
}

/** Null where nothing is decoded. */
async function decode(
  file: string,
  index: number,
  { tools, patience, signal }: Decoding,
): Promise<DecodedStream | null> {
  const before = ['-nostdin', '-v', 'error', '-copyts', '-i', `file:${file}`, '-map', `0:${index}`];
  const args = [...before, '-fps_mode', 'passthrough', '-f', 'framecrc', '-'];
  const running = promisify(execFile)(tools.ffmpeg, args, { ...limits, signal, timeout: patience * 1000 });
  // What was decoded before an error counts.
  const text = await running.then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
  signal.throwIfAborted();
  return readFrames(text);
}

/** FFmpeg shipped through npm crashes where it loads the machine's character converters: docs/surprises.md. */
const limits = { maxBuffer: 2 ** 30, env: { ...process.env, GCONV_PATH: '/nonexistent' } };

function lastLine(error: unknown): string {
  const { stderr = '' } = error as { stderr?: string };
  return stderr.trim().split('\n').at(-1) ?? 'unreadable';
}

/** Pictures of what came out, at an address or in a file, by decoding them. */
export async function countPictures(address: string, { tools, patience, signal }: Decoding): Promise<number> {
  const entries = [
    '-count_frames',
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=nb_read_frames',
    '-of',
    'csv=p=0',
  ];
  const args = ['-v', 'error', ...entries, address];
  const { stdout } = await promisify(execFile)(tools.ffprobe, args, { ...limits, signal, timeout: patience * 1000 });
  return Number.parseInt(stdout);
}
