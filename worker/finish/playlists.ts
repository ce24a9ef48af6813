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
export function masterPlaylist(pictures: readonly Picture[], sound: Media | null, fps: number): string {
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
  const group = `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="sound.m3u8"`;
  return lines(['#EXT-X-INDEPENDENT-SEGMENTS', ...(sound ? [group] : []), ...variants, ...keys]);
}

/** Bits a second: of the segment that has the most, and of all. */
function rates(segments: readonly Pick<Segment, 'bytes' | 'seconds'>[]): { peak: number; mean: number } {
  const bits = segments.reduce((sum, { bytes }) => sum + 8 * bytes, 0);
  const seconds = segments.reduce((sum, segment) => sum + segment.seconds, 0);
  // The last one may be a picture long, and says nothing of a second.
  const judged = segments.length > 1 ? segments.slice(0, -1) : segments;
  const peak = Math.max(...judged.map((segment) => (8 * segment.bytes) / segment.seconds));
  return { peak: Math.ceil(Math.max(peak, bits / seconds)), mean: Math.ceil(bits / seconds) };
}

function listing(name: string, { head }: Track, segments: readonly Segment[], tags: string[]): string {
  const longest = Math.max(...segments.map(({ seconds }) => seconds));
  return lines([
    ...[
      `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(longest))}`,
      '#EXT-X-MEDIA-SEQUENCE:0',
      '#EXT-X-PLAYLIST-TYPE:VOD',
    ],
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
