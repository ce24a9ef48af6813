import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows, type Db } from '../shared/db/connect.ts';
import { forgetRefreshTokens } from '../web/auth/refresh-tokens.ts';
import { forgetTries, LONGEST_SECONDS, takeTry } from '../web/auth/throttle.ts';
import { tidyAccounts } from '../web/auth/tidy.ts';
import { startWeb } from '../web/start.ts';
import { auditedEvents, logIn, openSession, signUp } from './kit/accounts.ts';
import { clientWith, type Answer } from './kit/client.ts';
import { assertProblem } from './kit/problem.ts';
import { startService, type Service } from './kit/service.ts';

const PROXY = { PUBLIC_URL: 'https://video.example.com', PROXY_ENTRIES: '2' };

/** A log-in that the balancer says comes from this address. */
function from(service: Service, address: string, email: string, password = 'Not this one'): Promise<Answer> {
  const forwarded = { 'x-forwarded-for': `${address}, 192.0.2.1` };
  return clientWith(service.url, '').ask('POST', '/auth/login', { email, password }, forwarded);
}

/** Lets the time pass that somebody has to wait. */
async function waitedFor(db: Db): Promise<void> {
  await db.raw(`update tries set free_at = forgotten_at - interval '1 hour'`);
}

/** Makes whoever has to wait wait for longer than any machine takes for the rest of a test. */
async function stillWaiting(db: Db): Promise<void> {
  await db.raw(
    `update tries set free_at = clock_timestamp() + interval '200 s'
     where free_at > forgotten_at - interval '1 hour' + interval '0.5 s'`,
  );
}

/** The longest that anybody was told to wait, in seconds, however long ago. */
async function longestWait(db: Db): Promise<number> {
  const [found] = await rows<{ seconds: string }>(
    db,
    `select max(extract(epoch from free_at - (forgotten_at - interval '1 hour'))) as seconds from tries`,
  );
  return Math.round(Number(found?.seconds));
}

test('too many wrong log-ins make an account wait, each longer, known or not and even with the right password', async (t) => {
  const service = await startService(t, { workers: 0, env: { LOG_IN_TRIES: '3' } });
  const known = await signUp(service.url);
  const answers: Answer[][] = [];
  for (const email of [known.email, 'nobody@example.com']) {
    const wrong = () => logIn(service.url, { email, password: 'Not this one' });
    const got: Answer[] = [];
    for (let round = 0; round < 4; round++) got.push(await wrong());
    await stillWaiting(service.db);
    got.push(await wrong(), await logIn(service.url, { email, password: known.password }));
    answers.push(got);
  }
  for (const got of answers) {
    for (const answer of got.slice(0, 4)) assertProblem(answer, 401, 'wrong_credentials');
    for (const answer of got.slice(4)) {
      assertProblem(answer, 429, 'too_many_tries');
      assert.match(answer.headers.get('retry-after') ?? '', /^(200|19\d)$/);
    }
  }
  const shown = answers.map((got) =>
    got.map(({ body }) => JSON.stringify({ ...(body as object), request_id: '' }).replace(/\d+ s/, 'some s')),
  );
  assert.deepEqual(shown[0], shown[1], 'the same for an account that is there and one that is not');

  const delays: number[] = [];
  for (let round = 0; round < 10; round++) {
    await waitedFor(service.db);
    await logIn(service.url, { email: known.email, password: 'Not this one' });
    delays.push(await longestWait(service.db));
  }
  assert.deepEqual(delays, [2, 4, 8, 16, 32, 64, 128, 256, LONGEST_SECONDS, LONGEST_SECONDS]);
  await waitedFor(service.db);
  assert.equal((await logIn(service.url, known)).status, 200, 'no lock');
  assertProblem(await logIn(service.url, { email: known.email, password: 'x' }), 401, 'wrong_credentials');
});

test('guessing at many accounts makes an address wait, which a forged header does not help, and nobody else', async (t) => {
  const service = await startService(t, { workers: 0, env: { ...PROXY, ADDRESS_TRIES: '3', LOG_IN_TRIES: '100' } });
  const known = await signUp(service.url);
  for (let round = 0; round < 4; round++) {
    assertProblem(await from(service, '198.51.100.7', `nobody${round}@example.com`), 401, 'wrong_credentials');
  }
  await stillWaiting(service.db);
  for (const forged of ['198.51.100.7', '203.0.113.9, 198.51.100.7', '203.0.113.9,203.0.113.10, 198.51.100.7']) {
    assertProblem(await from(service, forged, known.email, known.password), 429, 'too_many_tries');
  }
  const counted = await rows(service.db, 'select from tries where count > 1');
  assert.equal(counted.length, 1, 'who has to wait does not make accounts wait');
  assert.equal((await from(service, '198.51.100.8', known.email, known.password)).status, 200);

  // Of IPv6, all that a subscriber has.
  for (let round = 0; round < 4; round++) await from(service, `2001:db8::${round}`, `other${round}@example.com`);
  await stillWaiting(service.db);
  assertProblem(await from(service, '2001:db8::ffff', known.email, known.password), 429, 'too_many_tries');
});

test('a right password takes nothing from the tries of an address, and gives none for the next guess', async (t) => {
  const service = await startService(t, { workers: 0, env: { ADDRESS_TRIES: '4', LOG_IN_TRIES: '100' } });
  const known = await signUp(service.url);
  const guess = (email: string) => logIn(service.url, { email, password: 'Not this one' });
  for (let round = 0; round < 6; round++) assert.equal((await logIn(service.url, known)).status, 200);
  for (let round = 0; round < 4; round++) {
    assertProblem(await guess(`nobody${round}@example.com`), 401, 'wrong_credentials');
    assert.equal((await logIn(service.url, known)).status, 200);
  }
  assertProblem(await guess('another@example.com'), 401, 'wrong_credentials');
  await stillWaiting(service.db);
  assertProblem(await guess('another@example.com'), 429, 'too_many_tries');
});

test('a hundred log-ins at once are no more tries than one after the other, also at two web servers', async (t) => {
  const service = await startService(t, { workers: 0, env: { LOG_IN_TRIES: '5', ADDRESS_TRIES: '1000' } });
  const known = await signUp(service.url);
  await takeTry(service.db, service.settings, known.email, '198.51.100.1');
  await service.db.raw('update tries set count = 12, free_at = clock_timestamp() where count = 1');
  const taken = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) => takeTry(service.db, service.settings, known.email, `203.0.113.${index}`)),
  );
  assert.equal(taken.filter(({ status }) => status === 'fulfilled').length, 1);

  const other = await startWeb(service.parts);
  try {
    await waitedFor(service.db);
    assertProblem(await logIn(service.url, { ...known, password: 'Not this one' }), 401, 'wrong_credentials');
    assertProblem(await logIn(other.url, known), 429, 'too_many_tries');
  } finally {
    await other.stop();
  }
});

test('new accounts from one address come slower and slower, whether or not the address is taken', async (t) => {
  const service = await startService(t, { workers: 0, env: { ADDRESS_TRIES: '2' } });
  const known = await signUp(service.url);
  const ask = (email: string, username: string) =>
    clientWith(service.url, '').ask('POST', '/auth/signup', {
      ...{ email, username, password: 'A long enough one', password_2: 'A long enough one' },
    });
  assertProblem(await ask(known.email, 'another'), 409, 'email_taken');
  assert.equal((await ask('third@example.com', 'third')).status, 201);
  await stillWaiting(service.db);
  assertProblem(await ask(known.email, 'fourth'), 429, 'too_many_tries');
  assertProblem(await ask('fourth@example.com', 'fourth'), 429, 'too_many_tries');
  assert.equal((await logIn(service.url, known)).status, 200, 'logging in is another matter');
});

test('hashes in flight and waiting are limited, and the rest is told when to come again', async (t) => {
  const many = { LOG_IN_TRIES: '1000', ADDRESS_TRIES: '1000', REQUESTS_AT_ONCE: '1000', REQUESTS_PER_MINUTE: '10000' };
  const service = await startService(t, { workers: 0, env: many });
  const answers = await Promise.all(
    Array.from({ length: 70 }, (_, index) =>
      logIn(service.url, { email: `nobody${index}@example.com`, password: 'Not this one' }),
    ),
  );
  const statuses = answers.map(({ status }) => status);
  const refused = answers.filter(({ status }) => status === 429);
  for (const answer of refused) {
    assertProblem(answer, 429, 'too_many_logins');
    assert.equal(answer.headers.get('retry-after'), '2');
  }
  t.diagnostic(`of ${statuses.length} at once ${refused.length} were refused`);
  assert.ok(refused.length > 0 && refused.length <= 28);
  assert.ok(statuses.every((status) => [401, 429].includes(status)));
});

test('what has had its time is removed in batches, and nothing else', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { client } = await openSession(service.url);
  await openSession(service.url);
  await logIn(service.url, { email: 'nobody@example.com', password: 'Not this one' });
  const left = async () => ({
    tokens: (await rows(service.db, 'select from refresh_tokens')).length,
    tries: (await rows(service.db, 'select from tries')).length,
  });
  assert.deepEqual(await left(), { tokens: 2, tries: 3 });
  await tidyAccounts(service.db, service.settings, new AbortController().signal);
  assert.deepEqual(await left(), { tokens: 2, tries: 3 });

  await service.db.raw(`update refresh_tokens set expires_at = clock_timestamp() - interval '1 s'`);
  await service.db.raw(`update tries set forgotten_at = clock_timestamp() - interval '1 s'`);
  assert.equal(await forgetRefreshTokens(service.db, 1), 1);
  assert.equal(await forgetTries(service.db, 2), 2);
  await tidyAccounts(service.db, service.settings, new AbortController().signal);
  assert.deepEqual(await left(), { tokens: 0, tries: 0 });
  assert.equal((await client.ask('GET', '/tasks')).status, 200);
  assert.deepEqual((await auditedEvents(service.db)).sort(), [
    'log_in',
    'log_in',
    'log_in_failed',
    'sign_up',
    'sign_up',
  ]);
});
