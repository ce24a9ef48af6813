import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Result {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

/**
 * What axe-core finds wrong with the view for those who do not see it, or see it otherwise, or use no mouse.
 *
 * @param rule only this one, where nothing else can have changed
 */
export async function barriers(page: Page, rule?: string): Promise<string[]> {
  // As the debugger, which the page's policy does not hold for.
  await page.evaluate(source);
  const options = { resultTypes: ['violations'], ...(rule && { runOnly: [rule] }) };
  const { violations } = await page.evaluate<Result>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}
