import type { Task } from '../api/types.ts';
import type { Texts } from '../texts/en.ts';

type Media = NonNullable<Task['media']>;
type Tracks = Media['tracks'];

/** What is out of the ordinary about a source: its colors, its scan, and which of several sound tracks was used. Pure. */
export function mediaFacts({ video, tracks }: Media, words: Texts['task'], language: string): [string, string][] {
  const facts: [string, string][] = [];
  if (video.hdr) facts.push([words.colors, words.hdr[video.hdr]]);
  if (video.scan !== 'progressive') facts.push([words.scan, words.scans[video.scan]]);
  const sound = soundFact(tracks, words, language);
  if (sound !== null) facts.push([words.sound, sound]);
  return facts;
}

/** Tracks are counted as players count them: among those of sound, from 1. */
function soundFact(tracks: Tracks, words: Texts['task'], language: string): string | null {
  const sounds = tracks.filter(({ kind }) => kind === 'audio');
  const used = sounds.filter(({ chosen }) => chosen);
  const [first] = used;
  if (!first || sounds.length === 1) return null;
  const numbers = used.map((track) => sounds.indexOf(track) + 1);
  const spoken = languageName(first.language, language);
  const said = `${words.soundTracks(numbers, sounds.length)}${spoken === null ? '' : ` (${spoken})`}`;
  return first.why === '' ? said : `${said}: ${first.why}`;
}

/** What a file calls `eng`, as its reader does; as the file has it where nobody knows it. */
function languageName(code: string | null, language: string): string | null {
  if (code === null || code === '' || code === 'und') return null;
  try {
    return new Intl.DisplayNames(language, { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}
