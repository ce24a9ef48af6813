import type { Media, VideoStream } from '../../shared/task/media.ts';
import { Problem } from '../../shared/task/problem.ts';
import type { Rate } from '../../shared/task/rate.ts';
import { warning, type Warning } from '../../shared/task/warnings.ts';
import type { FoundSound } from './find-sound.ts';
import { nothingInside, type Header } from './header.ts';
import type { Lines } from './lines.ts';
import { micro } from './numbers.ts';
import type { PictureHead } from './picture-stream.ts';
import { sourceTiming } from './rate.ts';
import type { PictureScan } from './timeline-scan.ts';
import { describeTracks, trackWarnings } from './tracks.ts';
import { whatIsMissing } from './truncated.ts';

/** All that was found out about a source. */
export interface Findings {
  header: Header;
  bytes: number;
  found: PictureScan;
  sound: FoundSound;
  lines: Lines;
  sawEndMissing: boolean;
}

/** Sound that is longer by so much, in seconds, is the padding of its encoder: no picture is held for it. */
const padding = 0.1;

/** A picture that stands still for a whole sound. */
const stillRate: Rate = { over: 25, under: 1 };

/** The picture that is shown with a sound that has none: `sound.png` of the images. */
const ours: PictureHead = {
  ...{ index: 0, codec: 'png', width: 1280, height: 720, rotation: 0, pixel_aspect: 1, pixel_format: 'rgb24' },
  ...{ color_space: null, field_order: null, header_fps: null, codec_tag: 'png' },
};

/** What film made into 60 fields goes back to. */
const filmRate: Rate = { over: 24_000, under: 1001 };

/**
 * What a source is, and the times of its pictures. Pure.
 * @throws Problem source_truncated where that is to be refused, source_too_long, source_no_picture
 */
export function describe(
  findings: Findings,
  { limits, onTruncated = 'make' }: { limits: { maxSeconds: number }; onTruncated?: 'make' | 'refuse' },
): { media: Media; pictures: PictureScan } {
  const { header, bytes, found, sound, sawEndMissing } = findings;
  const missing = whatIsMissing(found, { ...header.claims, sawEndMissing });
  if (missing !== null && onTruncated === 'refuse') throw new Problem('source_truncated', missing);
  const { pictures, video } = header.video ? withPictures(findings) : withoutPictures(findings);
  const { chosen } = sound;
  const heard = sound.used.map(({ index }) => found.streams_end_at.get(index) ?? 0);
  const soundEnds = chosen ? Math.max(...heard) : 0;
  const pictureEnds = header.video ? pictures.ends_at : 0;
  const seconds = soundEnds > pictureEnds + padding ? soundEnds : pictureEnds;
  if (seconds <= 0) throw nothingInside(header);
  if (seconds > limits.maxSeconds) throw new Problem('source_too_long', `${seconds} s`);
  const tracks = describeTracks(header, sound.heard, chosen);
  const warnings = [
    ...(missing === null ? [] : [warning('source_truncated', `Found were ${seconds.toFixed(1)} seconds.`)]),
    ...(found.strays > 0 ? [warning('timestamps_ignored')] : []),
    ...(video.hdr ? [warning('hdr_tonemapped')] : []),
    ...(header.video ? [] : [warning('pictures_missing')]),
    ...trackWarnings(header, tracks, chosen),
    ...(chosen && chosen.head.channels > 2 && chosen.head.layout === null ? [warning('audio_mixed')] : []),
  ] satisfies Warning[];
  return {
    media: {
      ...{ container: header.container, bytes, starts_at: found.starts_at, file_starts_at: header.fileStartsAt },
      ...{ seconds, video, audio: chosen && audioOf(sound, soundEnds), tracks, warnings },
    },
    pictures,
  };
}

function withPictures({ header, found, lines }: Findings): { pictures: PictureScan; video: VideoStream } {
  const { video } = header;
  if (!video || found.times.length === 0) throw new Problem('source_no_picture', 'no packet in the stream of pictures');
  const timing =
    lines.scan === 'telecine' ? { rate: filmRate, every: 1, times: found.times } : sourceTiming(found.times);
  const shownFor = found.ends_at - (found.times[0] ?? 0);
  const retimed = [...found.times].flatMap((from, at) => {
    const to = timing.times[at] ?? from;
    return to === from ? [] : [{ from, to: micro(to) }];
  });
  const times = timing.times.map(micro);
  return {
    pictures: { ...found, times, retimed: [...(found.retimed ?? []), ...retimed] },
    video: {
      ...{ ...streamOf(video), scan: lines.scan, top_first: lines.topFirst },
      ...{ fps: found.times.length / Math.max(shownFor, 1e-3), rate: timing.rate, every: timing.every },
      ...{ first_at: times[0] ?? 0, last_at: times.at(-1) ?? 0, ends_at: found.ends_at },
    },
  };
}

/** What of a header goes on to the task. */
function streamOf(head: PictureHead): Omit<VideoStream, 'fps'> {
  const stream: Partial<PictureHead> & Omit<VideoStream, 'fps'> = { ...head };
  delete stream.field_order;
  delete stream.codec_tag;
  delete stream.header_fps;
  return stream;
}

/** A sound alone: one picture for all of it, its cover or one of ours. */
function withoutPictures({ header: { cover }, found }: Findings): { pictures: PictureScan; video: VideoStream } {
  const nothing = new Float64Array();
  return {
    pictures: { ...found, times: Float64Array.of(0), ends_at: 0, keys: { shown: nothing, decoded: nothing } },
    video: {
      ...{ ...streamOf(cover ?? ours), fps: 25, rate: stillRate, every: 1, first_at: 0, last_at: 0, ends_at: 0 },
      ...{ scan: 'progressive', hdr: null, still: cover ? 'cover' : 'ours' },
    },
  };
}

function audioOf({ chosen }: FoundSound, ends_at: number): Media['audio'] {
  if (!chosen) return null;
  const { index, codec, channels, sample_rate, layout } = chosen.head;
  const right = chosen.right ? { right_index: chosen.right.index } : {};
  return { index, codec, channels, sample_rate, ends_at, layout, ...right };
}
