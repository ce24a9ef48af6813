import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemCodes } from '../../shared/task/problem.ts';
import { warning } from '../../shared/task/warnings.ts';
import { errorInWords, warningInWords } from '../../web/ui/parts/told.ts';
import { en } from '../../web/ui/texts/en.ts';
import { es } from '../../web/ui/texts/es.ts';

test('an error is in the language of the reader, but no translation hides what is said of this video alone', () => {
  const standard = { code: 'source_unsupported', message: problemCodes.source_unsupported } as const;
  assert.equal(errorInWords(standard, es.problems), es.problems.source_unsupported);
  const words = 'The video is encoded as FFV2, which this service does not decode.';
  for (const { problems } of [en, es]) assert.equal(errorInWords({ ...standard, message: words }, problems), words);
});

test('a code that the page does not know shows the message that came with it', () => {
  const later = { code: 'of_later' as 'internal', message: 'Something new.' };
  assert.equal(errorInWords(later, es.problems), 'Something new.');
});

test('a warning is translated by its code, and keeps what only this video tells', () => {
  const told = warning('audio_undecodable', 'It is in ac4.');
  assert.equal(warningInWords(warning('audio_silent'), es.warnings), es.warnings.audio_silent);
  assert.equal(warningInWords(told, es.warnings), `${es.warnings.audio_undecodable} It is in ac4.`);
  assert.equal(warningInWords(told, en.warnings), told.message);
  const later = { code: 'of_later' as 'audio_silent', message: 'Something new.' };
  assert.equal(warningInWords(later, es.warnings), 'Something new.');
  assert.equal(warningInWords({ ...told, message: 'In other words.' }, es.warnings), 'In other words.');
});
