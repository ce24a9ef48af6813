import type { Track } from '../../shared/task/media.ts';
import { safeName } from '../../shared/task/problem.ts';
import { warning, type Warning } from '../../shared/task/warnings.ts';
import type { ChosenSound, HeardTrack } from './choose-sound.ts';
import { isCover, isRealVideo, type Header } from './header.ts';
import { languageOf } from './sound-stream.ts';
import type { Stream } from './streams.ts';

/** Every track of a source, and why it is used or not. Pure. */
export function describeTracks(header: Header, heard: readonly HeardTrack[], sound: ChosenSound | null): Track[] {
  return header.streams.map((stream) => {
    const { chosen, why } = fateOf(stream, header, heard, sound);
    const { index, codec_name, tags, disposition } = stream;
    const kind = kindOf(stream);
    const rest = { language: languageOf(tags?.language), default: disposition?.default === 1 };
    return { index, kind, codec: safeName(codec_name), ...rest, chosen, why };
  });
}

function kindOf({ codec_type }: Stream): Track['kind'] {
  const known = ['video', 'audio', 'subtitle', 'attachment'] as const;
  return known.find((kind) => kind === codec_type) ?? 'data';
}

function fateOf(
  stream: Stream,
  { video, why, cover }: Header,
  heard: readonly HeardTrack[],
  sound: ChosenSound | null,
): Pick<Track, 'chosen' | 'why'> {
  const { index } = stream;
  if (index === video?.index) return { chosen: true, why };
  if (index === cover?.index) return { chosen: true, why: 'the cover of the sound' };
  if (index === sound?.head.index || index === sound?.right?.index) return { chosen: true, why: sound.why };
  if (isCover(stream)) return { chosen: false, why: 'a cover' };
  if (kindOf(stream) === 'video') {
    return { chosen: false, why: isRealVideo(stream) ? `another one is ${why}` : 'previews, not the video' };
  }
  if (kindOf(stream) !== 'audio') return { chosen: false, why: 'not used' };
  const track = heard.find(({ head }) => head.index === index);
  if (!track?.decodes) return { chosen: false, why: 'cannot be decoded, or is empty' };
  return { chosen: false, why: track.silent && !sound?.silent ? 'silent' : `another one is ${sound?.why ?? 'used'}` };
}

/** What an owner should know of tracks that were left out. Pure. */
export function trackWarnings(header: Header, tracks: readonly Track[], sound: ChosenSound | null): Warning[] {
  const left = tracks.filter(({ kind, chosen, why }) => !chosen && kind !== 'data' && why !== 'a cover');
  const named = left.map(({ index, kind, codec, language }) =>
    [`${index}: ${kind}`, codec, language ?? ''].join(' ').trim(),
  );
  const undecodable = header.sounds.length > 0 && !sound ? (header.sounds[0]?.codec ?? null) : null;
  return [
    ...(undecodable === null ? [] : [warning('audio_undecodable', `It is ${safeName(undecodable)}.`)]),
    ...(sound?.silent ? [warning('audio_silent')] : []),
    ...(left.length > 0 && !(undecodable && left.length === 1)
      ? [warning('tracks_ignored', `${named.slice(0, 10).join('; ')}.`)]
      : []),
  ];
}
