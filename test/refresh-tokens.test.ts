import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { auditedEvents, openSession, refresh } from './kit/accounts.ts';
import { assertProblem } from './kit/problem.ts';
import { startService } from './kit/service.ts';

test('a refresh token used thrice at once gives one way on; whoever takes another ends the session', async (t) => {
  const service = await startService(t, { workers: 0 });
  for (let round = 0; round < 5; round++) {
    const { refresh_token: refreshToken } = await openSession(service.url);
    const answers = await Promise.all([1, 2, 3].map(() => refresh(service.url, refreshToken)));
    const given = answers.map(({ status, body }) => [status, hashOf(body.refresh_token)] as const);
    assert.deepEqual(new Set(given.map(([status]) => status)), new Set([200]));
    const open = await rows<{ token_hash: Buffer }>(
      service.db,
      'select token_hash from refresh_tokens where used_at is null',
    );
    assert.equal(open.length, 1);
    const isOpen = ({ body }: (typeof answers)[number]) => open[0]?.token_hash.equals(hashOf(body.refresh_token));
    const [wayOn, superseded] = [answers.find(isOpen), answers.find((answer) => !isOpen(answer))];
    const next = await refresh(service.url, wayOn?.body.refresh_token ?? '');
    assert.equal(next.status, 200);
    assertProblem(await refresh(service.url, superseded?.body.refresh_token ?? ''), 401, 'unauthorized');
    assertProblem(await refresh(service.url, next.body.refresh_token), 401, 'unauthorized');
  }
  assert.deepEqual(await rows(service.db, 'select from refresh_tokens'), []);
  assert.equal((await auditedEvents(service.db)).filter((event) => event === 'refresh_reused').length, 5);
});

test('a use whose answer was lost may be repeated for a minute, and not once its successor was used', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { refresh_token: first } = await openSession(service.url);
  assert.equal((await refresh(service.url, first)).status, 200);
  const { body: second } = await refresh(service.url, first);
  assert.equal((await refresh(service.url, second.refresh_token)).status, 200);
  assertProblem(await refresh(service.url, first), 401, 'unauthorized');
  assert.deepEqual(await rows(service.db, 'select from refresh_tokens'), []);

  const { refresh_token: late } = await openSession(service.url);
  assert.equal((await refresh(service.url, late)).status, 200);
  await service.db.raw(`update refresh_tokens set used_at = used_at - interval '60 seconds'`);
  assertProblem(await refresh(service.url, late), 401, 'unauthorized');
  assert.deepEqual(await rows(service.db, 'select from refresh_tokens'), []);
});

test('an unused refresh token that has expired is refused and ends nothing else', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { refresh_token: token } = await openSession(service.url);
  await service.db.raw(`update refresh_tokens set expires_at = clock_timestamp()`);
  assertProblem(await refresh(service.url, token), 401, 'unauthorized');
  assert.equal((await rows(service.db, 'select from refresh_tokens')).length, 1);
  assert.ok(!(await auditedEvents(service.db)).includes('refresh_reused'));
});

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
