import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logIn, signUp } from './kit/accounts.ts';
import { startService } from './kit/service.ts';
import { median, rankDifference } from './kit/timing.ts';

/** Log-ins of each kind. Each costs a whole hash, because that is what hides the difference: some 50 ms. */
const EACH = 200;

test('an unknown account takes as long as a wrong password', async (t) => {
  const free = { LOG_IN_TRIES: '100000', ADDRESS_TRIES: '100000' };
  const service = await startService(t, { workers: 0, env: free });
  const known = await signUp(service.url);
  const emails = { known: known.email, unknown: 'nobody@example.com' };
  const took = { known: [] as number[], unknown: [] as number[] };

  for (let round = 0; round < EACH; round++) {
    // In turn, and each as often first as second, so that whatever else the machine does meets both.
    const order = round % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const which of order) {
      const began = performance.now();
      const { status } = await logIn(service.url, { email: emails[which], password: 'Not this one' });
      took[which].push(performance.now() - began);
      assert.equal(status, 401);
    }
  }

  const [one, other] = [median(took.known), median(took.unknown)];
  const apart = Math.abs(one - other) / Math.min(one, other);
  const ranks = rankDifference(took.known, took.unknown);
  t.diagnostic(
    `${EACH} + ${EACH} log-ins: known ${one.toFixed(1)} ms, unknown ${other.toFixed(1)} ms, medians ` +
      `${(apart * 100).toFixed(1)} % apart, ranks ${ranks.toFixed(1)} standard deviations apart`,
  );
  // Without the hash it is some 90 % and 17 deviations. Both, because a busy machine can move a median.
  assert.ok(apart < 0.1 || ranks < 3, 'the time tells who has an account');
});
