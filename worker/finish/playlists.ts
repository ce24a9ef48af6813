import type { Segment, Track } from './read-mp4.ts';

/** The playlists of a stream (RFC 8216), as text. Pure. Addresses are names, beside the playlist itself. */

/** One size of a stream, or its sound. */
export interface Media {
  /** Name of its file, without an ending. */
  name: string;
  track: Track;
}

export interface Picture extends Media {
  width: number;
  height: number;
  /** For example `avc1.640028`. */
  codec: string;
}

export interface Sound extends Media {
  channels: number;
}

/** The sound's codec: AAC-LC. */
const soundCodec = 'mp4a.40.2';

/** All segments of one file, in order. */
export function mediaPlaylist({ name, track }: Media): string {
  return listing(name, track, track.segments, []);
}

/** The first picture of each segment alone, which needs no other: for looking through quickly. */
export function keyPlaylist({ name, track }: Media): string {
  const keys = track.segments.map((segment) => ({ ...segment, bytes: segment.firstBytes }));
  return listing(name, track, keys, ['#EXT-X-I-FRAMES-ONLY']);
}

/** All sizes to choose from. @param fps pictures a second of each */
export function masterPlaylist(pictures: readonly Picture[], sound: Sound | null, fps: number): string {
  const heard = sound ? rates(sound.track.segments) : { peak: 0, mean: 0 };
  const variants = pictures.flatMap(({ name, track, width, height, codec }) => {
    const { peak, mean } = rates(track.segments);
    const fields = [
      `BANDWIDTH=${peak + heard.peak}`,
      `AVERAGE-BANDWIDTH=${mean + heard.mean}`,
      `CODECS="${[codec, ...(sound ? [soundCodec] : [])].join(',')}"`,
      `RESOLUTION=${width}x${height}`,
      `FRAME-RATE=${fps.toFixed(3)}`,
      ...(sound ? ['AUDIO="sound"'] : []),
    ];
    return [`#EXT-X-STREAM-INF:${fields.join(',')}`, `${name}.m3u8`];
  });
  const keys = pictures.map(({ name, track, width, height, codec }) => {
    const { peak, mean } = rates(track.segments.map((segment) => ({ ...segment, bytes: segment.firstBytes })));
    const size = `CODECS="${codec}",RESOLUTION=${width}x${height}`;
    return `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${peak},AVERAGE-BANDWIDTH=${mean},${size},URI="${name}-keys.m3u8"`;
  });
  return lines(['#EXT-X-INDEPENDENT-SEGMENTS', ...(sound ? [soundGroup(sound)] : []), ...variants, ...keys]);
}

function soundGroup({ channels }: Sound): string {
  const fields = `GROUP-ID="sound",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${channels}"`;
  return `#EXT-X-MEDIA:TYPE=AUDIO,${fields},URI="sound.m3u8"`;
}

/** Bits a second: of all, and the most that is judged. */
function rates(segments: readonly Sent[]): { peak: number; mean: number } {
  const all = sum(segments);
  const mean = all.bits / all.seconds;
  const peak = stretches(segments).reduce((most, { bits, seconds }) => Math.max(most, bits / seconds), mean);
  return { peak: Math.ceil(peak), mean: Math.ceil(mean) };
}

type Sent = Pick<Segment, 'bytes' | 'seconds'>;

/**
 * Segments in a row that last from half to one and a half of the target together (RFC 8216 4.3.4.2). A last one of a
 * picture's length says nothing of a second by itself, but counts with the one before it.
 */
function stretches(segments: readonly Sent[]): { bits: number; seconds: number }[] {
  const target = targetSeconds(segments);
  // All but the last are about as long as the target: three in a row are beyond.
  const rows = segments.flatMap((_, at) => [segments.slice(at, at + 1), segments.slice(at, at + 2)]);
  return rows.map(sum).filter(({ seconds }) => seconds >= 0.5 * target && seconds <= 1.5 * target);
}

function sum(segments: readonly Sent[]): { bits: number; seconds: number } {
  return segments.reduce(
    (all, { bytes, seconds }) => ({ bits: all.bits + 8 * bytes, seconds: all.seconds + seconds }),
    { bits: 0, seconds: 0 },
  );
}

/** The longest segment, to the whole second. */
function targetSeconds(segments: readonly Sent[]): number {
  const longest = segments.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  return Math.max(1, Math.round(longest));
}

function listing(name: string, { head }: Track, segments: readonly Segment[], tags: string[]): string {
  return lines([
    ...[`#EXT-X-TARGETDURATION:${targetSeconds(segments)}`, '#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-PLAYLIST-TYPE:VOD'],
    ...[...tags, `#EXT-X-MAP:URI="${name}.mp4",BYTERANGE="${head.length}@0"`],
    ...segments.flatMap(({ start, bytes, seconds }) => [
      `#EXTINF:${seconds.toFixed(6)},`,
      `#EXT-X-BYTERANGE:${bytes}@${start}`,
      `${name}.mp4`,
    ]),
    '#EXT-X-ENDLIST',
  ]);
}

function lines(all: readonly string[]): string {
  return ['#EXTM3U', '#EXT-X-VERSION:7', ...all, ''].join('\n');
}

/** As codecs are named in playlists (RFC 6381). @param config content of the `avcC` box */
export function codecName(config: Buffer): string {
  return `avc1.${config.toString('hex', 1, 4)}`;
}
