import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../web/ui/api/types.ts';
import { mediaFacts } from '../../web/ui/task/media-facts.ts';
import { en } from '../../web/ui/texts/en.ts';
import { es } from '../../web/ui/texts/es.ts';

type Media = NonNullable<Task['media']>;
type Track = Media['tracks'][number];

const track = (index: number, more: Partial<Track> = {}): Track => ({
  ...{ index, kind: 'audio', codec: 'aac', language: null, default: false, chosen: false, why: '' },
  ...more,
});
const media = (video: Partial<Media['video']>, tracks: Track[] = []) =>
  ({ video: { hdr: null, scan: 'progressive', ...video }, tracks }) as Media;
const picture = track(0, { kind: 'video', chosen: true, why: 'the only one' });

test('of an ordinary video nothing more is said', () => {
  assert.deepEqual(mediaFacts(media({}), en.task, 'en'), []);
  assert.deepEqual(
    mediaFacts(media({}, [picture, track(1, { chosen: true, why: 'the only one' })]), en.task, 'en'),
    [],
  );
  assert.deepEqual(mediaFacts(media({}, [picture, track(1), track(2)]), en.task, 'en'), [], 'none of them was used');
});

test('HDR and fields are told', () => {
  const odd = media({ hdr: 'dolby_vision', scan: 'interlaced' });
  assert.deepEqual(mediaFacts(odd, en.task, 'en'), [
    ['Colors', 'HDR (Dolby Vision)'],
    ['Scan', 'Interlaced'],
  ]);
  assert.deepEqual(mediaFacts(media({ scan: 'telecine' }), es.task, 'es'), [['Barrido', 'Cine en campos (telecine)']]);
});

test('which of several sound tracks was used is told as players count them, with its language and the reason', () => {
  const chosen = track(2, { chosen: true, language: 'eng', why: 'the default one' });
  const several = media({}, [picture, track(1), chosen, track(3, { kind: 'subtitle' })]);
  assert.deepEqual(mediaFacts(several, en.task, 'en'), [['Sound', 'Track 2 of 2 (English): the default one']]);
  assert.deepEqual(mediaFacts(several, es.task, 'es'), [['Sonido', 'Pista 2 de 2 (inglés): the default one']]);
  const pair = [track(1, { chosen: true, language: 'und' }), track(2, { chosen: true }), track(3)];
  assert.deepEqual(mediaFacts(media({}, [picture, ...pair]), en.task, 'en'), [['Sound', 'Tracks 1 and 2 of 3']]);
});

test('what a file calls a language may be anything', () => {
  const odd = media({}, [track(1, { chosen: true, language: '<none at all>' }), track(2)]);
  assert.deepEqual(mediaFacts(odd, en.task, 'en'), [['Sound', 'Track 1 of 2 (<none at all>)']]);
});
