/**
 * A reporter for node's test runner: one line of JSON for each test that was not run. In JavaScript, because node loads
 * reporters before the loader for TypeScript.
 *
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} events
 */
export default async function* skippedTests(events) {
  for await (const event of events) {
    if (event.type !== 'test:pass' || event.data.skip === undefined) continue;
    const { name, file = '', skip } = event.data;
    yield `${JSON.stringify({ name, file, reason: typeof skip === 'string' && skip ? skip : 'no reason given' })}\n`;
  }
}
