import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { clientWith, newClient, type Client } from './kit/client.ts';
import { assertProblem } from './kit/problem.ts';
import { startService, type Service } from './kit/service.ts';

async function api(t: TestContext): Promise<{ service: Service; client: Client }> {
  const service = await startService(t, { workers: 0 });
  return { service, client: await newClient(service.url) };
}

test('an account needs a fresh name and address and a decent password, and says what is wrong', async (t) => {
  const { service } = await api(t);
  const nobody = clientWith(service.url, '');
  const good = { username: 'clara', email: 'clara@example.com', password: 'Admin123', password_2: 'Admin123' };
  const signUp = (change: object) => nobody.ask('POST', '/auth/signup', { ...good, ...change });

  const common = { password: 'password1', password_2: 'password1' };
  for (const [change, field] of [
    [{ email: 'clara' }, 'email'],
    [{ password: 'short' }, 'password'],
    [{ password_2: 'Admin124' }, 'password_2'],
    [common, 'password'],
    [{ username: 7 }, 'username'],
  ] as const) {
    const problem = assertProblem(await signUp(change), 400, 'invalid_request');
    assert.deepEqual([...new Set(problem.errors?.map((error) => error.field))].includes(field), true, field);
  }
  assert.equal((await signUp({})).status, 201);
  assertProblem(await signUp({ username: 'other' }), 409, 'email_taken');
  assertProblem(await signUp({ email: 'other@example.com', username: 'CLARA' }), 409, 'username_taken');
});

test('a wrong password and an unknown address get the same answer', async (t) => {
  const { service } = await api(t);
  const nobody = clientWith(service.url, '');
  const account = { username: 'clara', email: 'clara@example.com', password: 'Admin123', password_2: 'Admin123' };
  await nobody.ask('POST', '/auth/signup', account);
  const wrong = await nobody.ask('POST', '/auth/login', { email: 'clara@example.com', password: 'Admin124' });
  const unknown = await nobody.ask('POST', '/auth/login', { email: 'dora@example.com', password: 'Admin123' });
  const problem = assertProblem(wrong, 401, 'wrong_credentials');
  assert.equal(assertProblem(unknown, 401, 'wrong_credentials').detail, problem.detail);
});

test('a character that the database cannot keep is refused', async (t) => {
  const { service } = await api(t);
  const nobody = clientWith(service.url, '');
  const account = { username: 'cla\0ra', email: 'clara@example.com', password: 'Admin123', password_2: 'Admin123' };
  assertProblem(await nobody.ask('POST', '/auth/signup', account), 400, 'invalid_request');
  const login = { email: 'cla\0ra@example.com', password: 'Admin123' };
  assertProblem(await nobody.ask('POST', '/auth/login', login), 400, 'invalid_request');
});

test('a refresh token works once, and using it again ends the session', async (t) => {
  const { service } = await api(t);
  const nobody = clientWith(service.url, '');
  const account = { username: 'clara', email: 'clara@example.com', password: 'Admin123', password_2: 'Admin123' };
  await nobody.ask('POST', '/auth/signup', account);
  type Session = { token: string; refresh_token: string; token_type: string; expires_in: number };
  const session = (await nobody.ask<Session>('POST', '/auth/login', { email: account.email, password: 'Admin123' }))
    .body;
  assert.equal(session.token_type, 'Bearer');

  const refresh = (token: string) => nobody.ask<Session>('POST', '/auth/refresh', { refresh_token: token });
  const next = await refresh(session.refresh_token);
  assert.equal(next.status, 200);
  assert.equal((await clientWith(service.url, next.body.token).ask('GET', '/tasks')).status, 200);
  const third = await refresh(next.body.refresh_token);
  assert.equal(third.status, 200);
  assertProblem(await refresh(session.refresh_token), 401, 'unauthorized');
  assertProblem(await refresh(third.body.refresh_token), 401, 'unauthorized');
});

test('tasks need a token of ours', async (t) => {
  const { service, client } = await api(t);
  const [head, payload, signature] = client.token.split('.');
  const other = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
  for (const token of [
    '',
    'nonsense',
    `${head}.${payload}.`,
    `${other}.${payload}.`,
    `${head}.${payload}.${signature}x`,
  ]) {
    const answer = await clientWith(service.url, token).ask('GET', '/tasks');
    assertProblem(answer, 401, 'unauthorized');
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
  }
});
