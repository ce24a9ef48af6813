import type { Hdr, VideoStream } from '../../shared/task/media.ts';
import { Problem, safeName } from '../../shared/task/problem.ts';
import { turnOf } from './display-matrix.ts';
import { named, numberIn, ratio, type Stream } from './streams.ts';

/** A stream of pictures as its header says; when they are shown comes from the scan. */
export type PictureHead = Omit<VideoStream, 'fps'> & {
  /** What the header says of lines: `progressive`, `tt`, `bb`, `tb`, `bt`; null for nothing. */
  field_order: string | null;
  /** Four letters that stand for the codec in the file. */
  codec_tag: string;
  /** Pictures a second by the header; null where it does not say. */
  header_fps: number | null;
};

/**
 * Reads ffprobe's description of a stream of pictures. Pure.
 * @throws Problem source_unsupported for what has no size, is encrypted, or has colors that nothing here understands
 */
export function readPictures(stream: Stream): PictureHead {
  const { width = 0, height = 0, codec_name = 'unknown', pix_fmt = 'unknown' } = stream;
  if (isEncrypted(stream)) throw encryptedProblem(stream.codec_tag_string);
  if (width < 1 || height < 1) {
    const words = `The video is encoded as ${safeName(codec_name)}, which this service does not decode.`;
    throw new Problem('source_unsupported', `${codec_name} without a picture size`, { words });
  }
  const fps = ratio(stream.avg_frame_rate);
  return {
    index: stream.index,
    codec: codec_name,
    width,
    height,
    ...turnOf(stream),
    pixel_aspect: pixelAspect(stream.sample_aspect_ratio),
    pixel_format: pix_fmt,
    ...colors(stream),
    codec_tag: stream.codec_tag_string ?? 'unknown',
    field_order: named(stream.field_order),
    header_fps: Number.isFinite(fps) && fps > 0 ? fps : null,
  };
}

/** What is encrypted cannot be read. Pure. @param how it says so */
export function encryptedProblem(how = 'unknown'): Problem {
  const words = 'The video is encrypted. Send it without copy protection.';
  return new Problem('source_unsupported', `encrypted: ${how}`, { words });
}

function isEncrypted({ codec_tag_string: tag }: Stream): boolean {
  return tag === 'encv' || tag === 'enca' || tag === 'drmi';
}

function colors(
  stream: Stream,
): Pick<PictureHead, 'color_space' | 'primaries' | 'transfer' | 'range' | 'hdr' | 'mastering_peak' | 'max_cll'> {
  const transfer = named(stream.color_transfer);
  const { color_range: range, side_data_list = [] } = stream;
  const peak = side_data_list.map(({ max_luminance }) => ratio(max_luminance)).find((value) => value > 0);
  const brightest = side_data_list.find(({ max_content }) => (max_content ?? 0) > 0)?.max_content;
  return {
    color_space: named(stream.color_space),
    primaries: named(stream.color_primaries),
    transfer,
    range: range === 'pc' || range === 'tv' ? range : null,
    hdr: hdrOf(stream, transfer),
    mastering_peak: peak ?? null,
    max_cll: brightest ?? null,
  };
}

/**
 * Dolby Vision is laid over another picture. What that is by itself, a number says: 1 PQ, 2 SDR, 4 HLG; 0 is a picture that
 * only Dolby's own decoder shows right (Dolby Vision Streams Within the ISO Base Media File Format, table 2).
 * @throws Problem source_unsupported where the picture below cannot be shown
 */
function hdrOf({ side_data_list = [] }: Stream, transfer: string | null): Hdr | null {
  const dolby = side_data_list.find(({ dv_profile }) => dv_profile !== undefined);
  if (dolby?.dv_bl_signal_compatibility_id === 0) {
    const words = `The video is Dolby Vision profile ${dolby.dv_profile}, whose colors only Dolby's own decoder shows right. Send it as HDR10, HLG or SDR.`;
    throw new Problem('source_unsupported', `Dolby Vision ${dolby.dv_profile}.0`, { words });
  }
  const below = transfer === 'smpte2084' ? 'pq' : transfer === 'arib-std-b67' ? 'hlg' : null;
  return dolby && below ? 'dolby_vision' : below;
}

/** From `4:3`. `0:1` means that the file does not say; what no camera makes is taken as square. */
function pixelAspect(given: string | undefined): number {
  const aspect = ratio(given);
  return aspect >= 1 / 8 && aspect <= 8 ? aspect : 1;
}

/** Pictures by the header's count; null where there is none. Pure. */
export function framesSaid({ nb_frames }: Stream): number | null {
  return numberIn(nb_frames) || null;
}
