import type { Task } from '../api/types.ts';
import { bytes, clock, duration, when } from '../parts/in-words.ts';
import { language, texts } from '../settings/language.ts';
import { mediaFacts } from './media-facts.ts';

/** What is known of the video. */
export function Facts({ task: { profile, media, created_at, started_at, finished_at } }: { task: Task }) {
  const { task: words } = texts.value;
  const took = started_at && finished_at ? (Date.parse(finished_at) - Date.parse(started_at)) / 1000 : null;
  const facts: [string, string | null | undefined][] = [
    [words.profile, profile],
    [words.created, when(created_at)],
    [words.length, media && clock(media.seconds)],
    [words.picture, media && `${media.video.width}×${media.video.height}`],
    [words.size, media && bytes(media.bytes)],
    [words.took, took === null ? null : duration(took)],
    ...(media ? mediaFacts(media, words, language.value) : []),
  ];
  return (
    <dl class="facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
