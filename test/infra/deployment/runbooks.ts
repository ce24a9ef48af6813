import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as gcp from '@pulumi/gcp';
import { deployStack } from '../kit/stack.ts';

const root = path.join(import.meta.dirname, '../../..');
const folder = path.join(root, 'docs/runbooks');
const pages = readdirSync(folder).filter((page) => page !== 'README.md');
const stack = await deployStack('prod');
const policies = stack.of(gcp.monitoring.AlertPolicy).map(({ inputs }) => inputs);
const base = 'https://github.com/example/claqueta/blob/main/docs/runbooks/';

test('every alert links to a runbook that is there', () => {
  for (const { displayName, documentation } of policies) {
    const [link] = documentation.links;
    assert.ok(link, displayName);
    assert.ok(link.url.startsWith(base), displayName);
    assert.ok(pages.includes(link.url.slice(base.length)), `${displayName}: ${link.url}`);
  }
});

test('every runbook is of an alert', () => {
  const linked = new Set(policies.map(({ documentation }) => documentation.links[0]?.url.slice(base.length)));
  assert.deepEqual(
    pages.filter((page) => !linked.has(page)),
    [],
  );
});

test('every alert carries the first steps of its runbook, and fits into what Monitoring sends', () => {
  for (const { displayName, documentation } of policies) {
    assert.match(documentation.content, /## First steps\n\n1\. /, displayName);
    assert.equal(documentation.mimeType, 'text/markdown');
    assert.ok(Buffer.byteLength(documentation.content) < 8 * 1024, displayName);
  }
});

test('every runbook has the same parts', () => {
  for (const page of pages) {
    const headings = [...readFileSync(path.join(folder, page), 'utf8').matchAll(/^## (.*)$/gm)].map(([, text]) => text);
    assert.deepEqual(headings, ['First steps', 'Why it happens', 'Afterwards'], page);
  }
});

test('the list of runbooks is complete', () => {
  const list = readFileSync(path.join(folder, 'README.md'), 'utf8');
  for (const page of pages) assert.ok(list.includes(`](${page})`), page);
});

test('no link in the documentation leads nowhere', () => {
  for (const page of markdownFiles()) {
    const text = readFileSync(page, 'utf8').replaceAll(/```[^]*?```|`[^`\n]*`/g, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const at = file === '' ? page : path.resolve(path.dirname(page), file);
      assert.ok(existsSync(at), `${path.relative(root, page)} → ${target}`);
      if (anchor) assert.ok(anchorsOf(at).includes(anchor), `${path.relative(root, page)} → ${target}`);
    }
  }
});

function markdownFiles(): string[] {
  const below = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return below.filter((file) => file.endsWith('.md')).map((file) => path.join(root, 'docs', file));
}

function anchorsOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}
