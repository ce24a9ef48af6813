import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { settings } from '../shared/env.ts';

const root = path.join(import.meta.dirname, '..');
const readme = await readFile(path.join(root, 'README.md'), 'utf8');

test('the table of settings in the README is that of the code', () => {
  const table = [...readme.matchAll(/^\| `([A-Z_]+)` +\|(.*?)\| (.*?) +\|$/gm)].map(([, name, , text]) => ({
    name,
    text,
  }));
  const code = Object.entries(settings).map(([name, setting]) => ({ name, text: setting.description }));
  assert.deepEqual(table, code);
});

test('every file that the README links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].flatMap(([, link]) => link ?? []);
  assert.ok(links.length > 5);
  for (const link of links) assert.ok(existsSync(path.join(root, link)), link);
});
