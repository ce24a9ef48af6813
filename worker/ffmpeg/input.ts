import { demuxers } from '../ingest/sniff.ts';
import { audioDecoders, unusedDecoders, videoDecoders } from './decoders.ts';

/**
 * How FFmpeg and ffprobe are made to open a file that a user sent. Pure.
 *
 * A playlist named `.mp4` makes FFmpeg read other local files even under `-protocol_whitelist file`; only the list of
 * containers stops that. The same flags go to both programs, or one would accept what the other refuses.
 */

/** Containers, by the name of FFmpeg's demuxer: what the sniffer knows. None of them points to another file. */
const containers: readonly string[] = [...new Set(Object.values(demuxers))];

const decoders = [...videoDecoders, ...audioDecoders, ...unusedDecoders];

/** Largest picture in pixels: 8K and a little. A 0.75 MB file of 16,000 × 16,000 takes 2.5 GB to decode. */
const mostPixels = 37_748_736;

/** Most streams: opening 900 of them takes ffprobe 1.7 GB. Films have subtitles in dozens of languages. */
const mostStreams = 100;

/**
 * Flags for a file from a user, before its `-i`.
 * @param container what the file is known to be, as FFmpeg names it; only that is opened. Else any that we accept
 */
export function userFileFlags(container?: string): string[] {
  const known = containers.filter((name) => container?.split(',').includes(name));
  return [
    ...['-protocol_whitelist', 'file'],
    ...['-format_whitelist', (known.length > 0 ? known : containers).join(',')],
    ...['-codec_whitelist', decoders.join(',')],
    ...['-max_pixels', `${mostPixels}`],
    ...['-max_streams', `${mostStreams}`],
    // Enough to find the streams of a transport stream; a well-made file needs far less.
    ...['-probesize', '10000000', '-analyzeduration', '10000000'],
    // In program and transport streams only some pictures say when they are shown; the others follow from decoding times.
    ...(known.some((name) => ['mpeg', 'mpegts'].includes(name)) ? ['-fflags', '+genpts'] : []),
  ];
}

/**
 * ffprobe opens the decoder of every stream before it says anything, also of those that nobody uses, and fails whole where
 * one is not on the list. Opened, but given nothing to decode, these may be there too: a stream's own list goes before the
 * file's, by which still nothing else is decoded.
 * @param opens decoders' names
 */
export function openFlags(opens: readonly string[] = []): string[] {
  if (opens.length === 0) return [];
  const all = [...decoders, ...opens].join(',');
  return ['v', 'a', 's', 'd'].flatMap((kind) => [`-codec_whitelist:${kind}`, all]);
}

/** A path as FFmpeg's address of a local file, so that no name is taken for a protocol or an option. */
export function fileAddress(path: string): string {
  return `file:${path}`;
}
