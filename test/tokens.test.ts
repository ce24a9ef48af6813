import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { exportJWK, SignJWT } from 'jose';
import { mediaSecrets, tokenKeys } from '../shared/secrets.ts';
import { mediaUrlHolds, signMediaUrl } from '../shared/storage/signed-url.ts';
import { readUploadUrl, signUploadUrl } from '../shared/storage/upload-url.ts';
import { STANDING_MS, standings } from '../web/auth/standings.ts';
import { accessTokens } from '../web/auth/tokens.ts';
import { auditedEvents, forgeToken, logIn, openSession, refresh, signUp } from './kit/accounts.ts';
import { clientWith } from './kit/client.ts';
import { assertProblem } from './kit/problem.ts';
import { startService, type Service } from './kit/service.ts';

const [OLD, NEW] = ['old'.padEnd(32, '-'), 'new'.padEnd(32, '-')];

async function assertRefused(service: Service, token: string, why: string): Promise<void> {
  const answer = await clientWith(service.url, token).ask('GET', '/tasks');
  assert.equal(answer.status, 401, why);
  const problem = assertProblem(answer, 401, 'unauthorized');
  assert.doesNotMatch(problem.detail, /key|alg|kid|claim/i, 'says nothing of what is wrong with it');
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
}

test('a token that is not just as we issue them is refused', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { account, token, refresh_token: refreshToken } = await openSession(service.url);
  const forge = (change: Parameters<typeof forgeToken>[2]) => forgeToken(service.settings, account.id, change);
  const [{ id: kid, key }] = await tokenKeys(service.settings);
  const now = Math.floor(Date.now() / 1000);
  const [head = '', payload = '', signature = ''] = token.split('.');
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = (header: object, by: Uint8Array = key, hash = 'sha256') => {
    const text = `${encode(header)}.${payload}`;
    return `${text}.${createHmac(hash, by).update(text).digest('base64url')}`;
  };
  const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = await exportJWK(theirs.publicKey);
  const signedByThem = (header: object) =>
    new SignJWT({ ver: 0, sub: account.id, iss: 'claqueta', aud: 'claqueta-api', iat: now, exp: now + 900 })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...header })
      .sign(theirs.privateKey);

  assert.equal((await clientWith(service.url, await forge({})).ask('GET', '/tasks')).status, 200, 'the forger is good');
  const same = signed({ alg: 'HS256', typ: 'at+jwt', kid });
  assert.equal((await clientWith(service.url, same).ask('GET', '/tasks')).status, 200, 'by hand too');
  const refused: Record<string, string> = {
    'alg none': `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.`,
    'alg None, signature kept': `${encode({ alg: 'None', typ: 'at+jwt', kid })}.${payload}.${signature}`,
    'HS512 with our key': signed({ alg: 'HS512', typ: 'at+jwt', kid }, key, 'sha512'),
    'HS384 with our key': signed({ alg: 'HS384', typ: 'at+jwt', kid }, key, 'sha384'),
    'HS256 that calls itself HS512': signed({ alg: 'HS512', typ: 'at+jwt', kid }),
    'RS256, our kid': await signedByThem({ kid }),
    'RS256, their key along': await signedByThem({ jwk }),
    'RS256, their key and our kid': await signedByThem({ jwk, kid }),
    'HS256 by an embedded key': signed(
      { alg: 'HS256', typ: 'at+jwt', jwk: { kty: 'oct', k: 'AAAA' } },
      Buffer.alloc(3),
    ),
    'another key': await forge({ key: new Uint8Array(32) }),
    'unknown kid': await forge({ header: { kid: 'unknown' } }),
    'no kid': await forge({ header: { kid: undefined as unknown as string } }),
    'kid as a path': await forge({ header: { kid: '../../dev/null' }, key: new Uint8Array(1) }),
    'an address of keys': await forge({ header: { kid: 'x', jku: 'http://127.0.0.1/keys' } }),
    'a critical header that we do not know': signed({ alg: 'HS256', typ: 'at+jwt', kid, crit: ['new'], new: 1 }),
    'another audience': await forge({ payload: { aud: 'somebody' } }),
    'another issuer': await forge({ payload: { iss: 'somebody' } }),
    expired: await forge({ payload: { iat: now - 1000, exp: now - 100 } }),
    'never expires': await forge({ payload: { exp: undefined } }),
    'older than tokens get': await forge({ payload: { iat: now - 5_000 } }),
    'from the future': await forge({ payload: { iat: now + 600 } }),
    'not yet valid': await forge({ payload: { nbf: now + 600 } }),
    'without a version': await forge({ payload: { ver: undefined } }),
    'of another version': await forge({ payload: { ver: 1 } }),
    'version as a text': await forge({ payload: { ver: '0' } }),
    'typ JWT': await forge({ header: { typ: 'JWT' } }),
    'typ of a refresh token': await forge({ header: { typ: 'rt+jwt' } }),
    'of nobody': await forge({ payload: { sub: '0199aaaa-0000-7000-8000-000000000000' } }),
    'without a signature': `${head}.${payload}.`,
    'half a signature': `${head}.${payload}.${signature.slice(0, 20)}`,
    'more signature': `${head}.${payload}.${signature}AA`,
    'another payload': `${head}.${encode({ sub: account.id, ver: 0 })}.${signature}`,
    'cut off': token.slice(0, -1),
    'two parts': `${head}.${payload}`,
    'the refresh token': refreshToken,
    'two tokens': `${token},${token}`,
    nothing: '',
    nonsense: 'nonsense',
  };
  for (const [why, bad] of Object.entries(refused)) await assertRefused(service, bad, why);
  t.diagnostic(`${Object.keys(refused).length} wrong tokens refused`);

  const basic = await clientWith(service.url, '').ask('GET', '/tasks', undefined, { authorization: `Basic ${token}` });
  assert.equal(basic.status, 401);
  assert.equal((await clientWith(service.url, '').ask('GET', `/tasks?access_token=${token}`)).status, 401);
});

test('a role in a token counts for nothing, and an admin of before is none any more', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { account } = await openSession(service.url);
  const claiming = await forgeToken(service.settings, account.id, { payload: { role: 'admin' } });
  assertProblem(await clientWith(service.url, claiming).ask('GET', '/admin/fleet'), 403, 'forbidden');

  let now = 0;
  const known = standings(service.db, () => now);
  const setRole = (role: string) => service.db.raw('update users set role = ? where id = ?', [role, account.id]);
  await setRole('admin');
  assert.equal((await known.of(account.id))?.role, 'admin');
  await setRole('owner');
  assert.equal((await known.of(account.id))?.role, 'admin', 'remembered');
  now += STANDING_MS;
  assert.equal((await known.of(account.id))?.role, 'owner');
  assert.ok(STANDING_MS <= 15_000);
});

test('what could not be read is not remembered', async (t) => {
  const service = await startService(t, { workers: 0 });
  const account = await signUp(service.url);
  const known = standings(service.db);
  await service.db.raw('alter table users rename to away');
  await assert.rejects(known.of(account.id));
  await service.db.raw('alter table away rename to users');
  assert.equal((await known.of(account.id))?.role, 'owner');
});

test('two secrets are live at once: the first signs, both verify, and what is taken out ends', async (t) => {
  const keys = async (secrets: string) => {
    const settings = { SIGNING_SECRET: secrets } as Service['settings'];
    const known = standings(service.db);
    return { tokens: accessTokens(await tokenKeys(settings), known, 900), media: await mediaSecrets(settings) };
  };
  const service = await startService(t, { workers: 0 });
  const account = await signUp(service.url);
  const holder = { id: account.id, tokenVersion: 0 };
  const states = {
    old: await keys(OLD),
    'old new': await keys(`${OLD} ${NEW}`),
    'new old': await keys(`${NEW}\n${OLD}\n`),
    new: await keys(NEW),
  };
  type State = keyof typeof states;
  // Whatever one process issues in a roll, those of the state before and after take.
  const takes: Record<State, State[]> = {
    old: ['old', 'old new', 'new old'],
    'old new': ['old', 'old new', 'new old'],
    'new old': ['old new', 'new old', 'new'],
    new: ['old new', 'new old', 'new'],
  };
  for (const [issuing, { tokens, media }] of Object.entries(states)) {
    const token = await tokens.issue(holder);
    const seen = new URL(signMediaUrl('clips/a', media[0], { seconds: 60 }), 'http://a').searchParams;
    const put = new URL(signUploadUrl('sources/a', media[0], { bytes: 5, seconds: 60 }), 'http://a').searchParams;
    for (const [verifying, by] of Object.entries(states)) {
      const right = takes[issuing as State].includes(verifying as State);
      const user = await by.tokens.authenticate(`Bearer ${token}`).catch(() => null);
      assert.equal(user !== null, right, `a token of ${issuing} with ${verifying}`);
      assert.equal(mediaUrlHolds('clips/a', seen, by.media), right, `an address of ${issuing} with ${verifying}`);
      assert.equal(
        readUploadUrl('sources/a', put, by.media) !== null,
        right,
        `an upload of ${issuing} with ${verifying}`,
      );
    }
  }
});

test('a service with two secrets serves', async (t) => {
  const service = await startService(t, { workers: 0, env: { SIGNING_SECRET: `${NEW} ${OLD}` } });
  const { account, client } = await openSession(service.url);
  assert.equal((await client.ask('GET', '/tasks')).status, 200);
  const old = { ...service.settings, SIGNING_SECRET: OLD };
  assert.equal((await clientWith(service.url, await forgeToken(old, account.id)).ask('GET', '/tasks')).status, 200);
  const other = { ...service.settings, SIGNING_SECRET: 'neither'.padEnd(32, '-') };
  await assertRefused(service, await forgeToken(other, account.id), 'a secret that is not live');
});

test('logging out everywhere ends every session at once, and only of this account', async (t) => {
  const service = await startService(t, { workers: 0 });
  const one = await openSession(service.url);
  const other = await openSession(service.url);
  const two = (await logIn(service.url, one.account)).body;
  assert.equal((await one.client.ask('POST', '/auth/logout-everywhere')).status, 204);
  for (const { token, refresh_token } of [one, two]) {
    await assertRefused(service, token, 'revoked');
    assertProblem(await refresh(service.url, refresh_token), 401, 'unauthorized');
  }
  assert.equal((await other.client.ask('GET', '/tasks')).status, 200);
  const again = (await logIn(service.url, one.account)).body;
  assert.equal((await clientWith(service.url, again.token).ask('GET', '/tasks')).status, 200);
  assert.ok((await auditedEvents(service.db)).includes('revoked'));
});

test('another process takes a token that was issued after it had read the account', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { account, token } = await openSession(service.url);
  const elsewhere = accessTokens(
    await tokenKeys(service.settings),
    standings(service.db, () => 0),
    900,
  );
  await elsewhere.authenticate(`Bearer ${token}`);
  await service.db.raw('update users set token_version = 1');
  const next = await elsewhere.issue({ id: account.id, tokenVersion: 1 });
  assert.equal((await elsewhere.authenticate(`Bearer ${next}`)).id, account.id);
  await assert.rejects(elsewhere.authenticate(`Bearer ${token}`), /not valid any more/);
});

test('a new password ends all sessions but the new one, and the old password with them', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { account, client, token, refresh_token: refreshToken } = await openSession(service.url);
  const change = (body: object) => client.ask<{ token: string }>('POST', '/auth/password', body);
  const next = { new_password: 'Another one', new_password_2: 'Another one' };
  assertProblem(await change({ password: 'Not this one', ...next }), 401, 'wrong_credentials');
  const differ = { ...next, new_password_2: 'And a third' };
  assertProblem(await change({ password: account.password, ...differ }), 400, 'invalid_request');
  const common = { new_password: 'password1', new_password_2: 'password1' };
  assertProblem(await change({ password: account.password, ...common }), 400, 'invalid_request');

  const changed = await change({ password: account.password, ...next });
  assert.equal(changed.status, 200);
  assert.equal((await clientWith(service.url, changed.body.token).ask('GET', '/tasks')).status, 200);
  await assertRefused(service, token, 'of before');
  assertProblem(await refresh(service.url, refreshToken), 401, 'unauthorized');
  assertProblem(await logIn(service.url, account), 401, 'wrong_credentials');
  assert.equal((await logIn(service.url, { ...account, password: 'Another one' })).status, 200);
  assert.ok((await auditedEvents(service.db)).includes('password_changed'));
});
