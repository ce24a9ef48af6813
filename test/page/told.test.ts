import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemCodes } from '../../shared/task/problem.ts';
import { errorInWords } from '../../web/ui/task/told.ts';
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
