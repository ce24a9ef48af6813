import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { en } from '../../web/ui/texts/en.ts';
import { es } from '../../web/ui/texts/es.ts';

const web = path.join(import.meta.dirname, '../../web');

test('the page has words for every code that the API can answer, in every language', async () => {
  const codes = await codesOf(web);
  assert.ok(codes.size > 40, `found ${codes.size}`);
  for (const [language, { refusals }] of Object.entries({ en, es })) {
    assert.deepEqual(
      [...codes].filter((code) => !(code in refusals)),
      [],
      `without words in ${language}`,
    );
  }
});

/** Codes as the sources of the API write them: in an ApiError, or as the code of an answer before there is a request. */
async function codesOf(folder: string): Promise<Set<string>> {
  const names = await readdir(folder, { recursive: true });
  const sources = names.filter((name) => /\.ts$/.test(name) && !/(\.test\.ts$|^ui\/)/.test(name));
  const texts = await Promise.all(sources.map((name) => readFile(path.join(folder, name), 'utf8')));
  const code = /(?:new ApiError\(\s*\d{3},\s*|\bcode: )'([a-z_]+)'/g;
  return new Set(texts.flatMap((text) => [...text.matchAll(code)].map(([, found = '']) => found)));
}
