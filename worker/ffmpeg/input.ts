import { demuxers } from '../ingest/sniff.ts';

/**
 * How FFmpeg and ffprobe are made to open a file that a user sent. Pure.
 *
 * A playlist named `.mp4` makes FFmpeg read other local files even under `-protocol_whitelist file`; only the list of
 * containers stops that. The same flags go to both programs, or one would accept what the other refuses.
 */

/** Containers, by the name of FFmpeg's demuxer: what the sniffer knows. None of them points to another file. */
const containers: readonly string[] = Object.values(demuxers);

/**
 * Decoders by FFmpeg's name, which is not always the format's: MP3 is decoded by `mp3float`, AV1 by `libdav1d` or
 * `libaom-av1` as the build has it. Only what cameras, phones, editors and recorders write.
 */
const videoDecoders = [
  ...['h264', 'hevc', 'vp8', 'vp9', 'libvpx', 'libvpx-vp9', 'av1', 'libdav1d', 'libaom-av1'],
  ...['mpeg1video', 'mpeg2video', 'mpeg4', 'msmpeg4', 'msmpeg4v2', 'h263', 'flv', 'theora'],
  ...['wmv1', 'wmv2', 'wmv3', 'vc1', 'mjpeg', 'prores', 'dnxhd', 'dvvideo'],
];

const audioDecoders = [
  ...[
    'aac',
    'aac_latm',
    'mp3',
    'mp3float',
    'mp2',
    'mp2float',
    'ac3',
    'eac3',
    'opus',
    'libopus',
    'vorbis',
    'flac',
    'alac',
  ],
  ...['wmav1', 'wmav2', 'wmapro', 'amrnb', 'amrwb', 'dca', 'truehd'],
  ...['pcm_u8', 'pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_f32le', 'pcm_mulaw', 'pcm_alaw'],
];

/**
 * Decoders of streams that no clip uses but that ffprobe opens all the same: covers and subtitles. A file with any
 * other is refused whole.
 */
const unusedDecoders = [
  ...['png', 'bmp', 'gif', 'webp'],
  ...['mov_text', 'subrip', 'srt', 'ass', 'ssa', 'webvtt', 'text', 'dvdsub', 'dvbsub', 'pgssub', 'cc_dec'],
];

/** Largest picture in pixels: 8K and a little. A 0.75 MB file of 16,000 × 16,000 takes 2.5 GB to decode. */
const mostPixels = 37_748_736;

/** Most streams: opening 900 of them takes ffprobe 1.7 GB. */
const mostStreams = 32;

/**
 * Flags for a file from a user, before its `-i`.
 * @param container what the file is known to be, as FFmpeg names it; only that is opened. Else any that we accept
 */
export function userFileFlags(container?: string): string[] {
  const known = containers.filter((name) => container?.split(',').includes(name));
  return [
    ...['-protocol_whitelist', 'file'],
    ...['-format_whitelist', (known.length > 0 ? known : containers).join(',')],
    ...['-codec_whitelist', [...videoDecoders, ...audioDecoders, ...unusedDecoders].join(',')],
    ...['-max_pixels', `${mostPixels}`],
    ...['-max_streams', `${mostStreams}`],
    // Enough to find the streams of a transport stream; a well-made file needs far less.
    ...['-probesize', '10000000', '-analyzeduration', '10000000'],
  ];
}

/** A path as FFmpeg's address of a local file, so that no name is taken for a protocol or an option. */
export function fileAddress(path: string): string {
  return `file:${path}`;
}
