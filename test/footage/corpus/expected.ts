/** What a file is, as FFmpeg alone decodes it. */
export interface Expected {
  /** Null where there are none, or none that is decoded. */
  pictures: DecodedPictures | null;
  sounds: DecodedSound[];
  /** Why nothing is expected to come out; null where something is. */
  unreadable: string | null;
}

export interface DecodedPictures {
  index: number;
  codec: string;
  count: number;
  /** First and end of them, in seconds by the file's own clock. */
  begins: number;
  ends: number;
  /** Upright and of square pixels. */
  width: number;
  height: number;
  rotation: number;
  isMarkedInterlaced: boolean;
  hdr: 'hlg' | 'pq' | null;
}

export interface DecodedSound {
  index: number;
  codec: string;
  /** Null where nothing of it is decoded. */
  heard: { begins: number; ends: number } | null;
}

/** A stream as ffprobe tells of it. */
export interface ProbedStream {
  index: number;
  codec_type?: string;
  codec_name?: string;
  codec_tag_string?: string;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  field_order?: string;
  color_transfer?: string;
  disposition?: { attached_pic?: number; default?: number };
  side_data_list?: { rotation?: number }[];
}

/** Frames of a stream as decoded. */
export interface DecodedStream {
  count: number;
  begins: number;
  ends: number;
}

/** A stream's lines of FFmpeg's framecrc: time base, then a frame a line. Null where there is none. Pure. */
export function readFrames(text: string): DecodedStream | null {
  const base = /^#tb 0: (\d+)\/(\d+)/m.exec(text);
  const tick = base ? Number(base[1]) / Number(base[2]) : NaN;
  let [count, begins, ends] = [0, Infinity, -Infinity];
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    const [, , pts, duration] = line.split(',').map(Number);
    if (pts === undefined || !Number.isFinite(pts)) continue;
    count++;
    begins = Math.min(begins, pts * tick);
    ends = Math.max(ends, (pts + (duration || 1)) * tick);
  }
  return count === 0 ? null : { count, begins, ends };
}

/** Those with pictures that are no cover, the default ones first, then the largest; and those with sound. Pure. */
export function candidates(streams: ProbedStream[]): { pictures: ProbedStream[]; sounds: ProbedStream[] } {
  const area = ({ width = 0, height = 0 }: ProbedStream) => width * height;
  const isDefault = ({ disposition }: ProbedStream) => disposition?.default ?? 0;
  const pictures = streams
    .filter(({ codec_type, disposition }) => codec_type === 'video' && !disposition?.attached_pic)
    .sort((a, b) => isDefault(b) - isDefault(a) || area(b) - area(a));
  return { pictures, sounds: streams.filter(({ codec_type }) => codec_type === 'audio') };
}

/** What a stream of pictures is, once decoded. Pure. */
export function describePictures(stream: ProbedStream, { count, begins, ends }: DecodedStream): DecodedPictures {
  const { width = 0, height = 0, sample_aspect_ratio: aspect = '1:1', field_order: order = '' } = stream;
  const [wide = 1, high = 1] = aspect.split(':').map(Number);
  const square = width * (wide > 0 && high > 0 ? wide / high : 1);
  const turned = stream.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0;
  const rotation = (((-turned % 360) + 360) % 360) + 0;
  const isUpright = rotation % 180 === 0;
  return {
    ...{ index: stream.index, codec: nameOf(stream), count, begins, ends, rotation },
    width: Math.round(isUpright ? square : height),
    height: Math.round(isUpright ? height : square),
    isMarkedInterlaced: ['tt', 'bb', 'tb', 'bt'].includes(order),
    hdr: stream.color_transfer === 'arib-std-b67' ? 'hlg' : stream.color_transfer === 'smpte2084' ? 'pq' : null,
  };
}

export function nameOf({ codec_name: name, codec_tag_string: tag }: ProbedStream): string {
  return name !== undefined && name !== 'unknown' ? name : (tag ?? 'unknown');
}

/** In a few words, for the table. Pure. */
export function tellExpected({ pictures, sounds, unreadable }: Expected): string {
  if (unreadable !== null) return `nothing: ${unreadable}`;
  const seen = pictures
    ? [
        `${pictures.count} × ${pictures.codec} ${pictures.width}×${pictures.height}, ${(pictures.ends - pictures.begins).toFixed(2)} s`,
      ]
    : [];
  const marks = pictures
    ? [...(pictures.hdr ? [pictures.hdr] : []), ...(pictures.isMarkedInterlaced ? ['interlaced'] : [])]
    : [];
  const heard = sounds.map(({ codec, heard }) =>
    heard ? `${codec} ${(heard.ends - heard.begins).toFixed(2)} s` : `${codec} undecodable`,
  );
  return [...seen, ...marks, ...heard].join(', ');
}
