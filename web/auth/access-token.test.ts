import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import { readToken, signingKey, writeToken } from './access-token.ts';

const NOW = 1_800_000_000;
const secret = new Uint8Array(32).fill(7);
const key = signingKey({ id: 'one', key: secret });
const other = signingKey({ id: 'two', key: new Uint8Array(32).fill(8) });
const claims = { id: '0199aaaa-0000-7000-8000-000000000000', version: 3 };

test('what we write is a JSON Web Token as others read it', async () => {
  const { payload, protectedHeader } = await jwtVerify(writeToken(claims, key, 900, NOW), secret, {
    algorithms: ['HS256'],
    typ: 'at+jwt',
    issuer: 'claqueta',
    audience: 'claqueta-api',
    currentDate: new Date(NOW * 1000),
  });
  assert.equal(protectedHeader.kid, 'one');
  assert.deepEqual([payload.sub, payload.ver, payload.iat, payload.exp], [claims.id, 3, NOW, NOW + 900]);
});

test('a token is valid for its time, and five seconds either way for clocks that differ', () => {
  const token = writeToken(claims, other, 900, NOW);
  const at = (now: number) => readToken(token, [key, other], 900, now);
  for (const now of [NOW - 5, NOW, NOW + 899, NOW + 904]) assert.deepEqual(at(now), claims);
  assert.throws(() => at(NOW - 6), /future/);
  assert.throws(() => at(NOW + 905), /expired/);
  assert.throws(() => readToken(token, [other], 300, NOW + 306), /expired/, 'issued when tokens were valid for longer');
  assert.throws(() => readToken(token, [key], 900, NOW), /no key that is live/);
});

test('the first part is ours to the letter, the signature the only way to write it, and nothing follows', () => {
  const [head = '', payload = '', signature = ''] = writeToken(claims, key, 900, NOW).split('.');
  const read = (token: string) => readToken(token, [key, other], 900, NOW);
  assert.deepEqual(read(`${head}.${payload}.${signature}`), claims);
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = (first: string, second: string) =>
    `${first}.${second}.${createHmac('sha256', secret).update(`${first}.${second}`).digest('base64url')}`;
  for (const header of [
    { typ: 'at+jwt', alg: 'HS256', kid: 'one' },
    { alg: 'HS256', typ: 'at+jwt', kid: 'one', jwk: { kty: 'oct', k: 'AAAA' } },
    { alg: 'HS256', typ: 'at+jwt', kid: 'two' },
  ]) {
    assert.throws(() => read(signed(encode(header), payload)), /key|signed/);
  }
  // 32 bytes leave two bits of the last letter unused.
  const last = String.fromCharCode(signature.charCodeAt(42) + 1);
  assert.deepEqual(Buffer.from(signature.slice(0, 42) + last, 'base64url'), Buffer.from(signature, 'base64url'));
  assert.throws(() => read(`${head}.${payload}.${signature.slice(0, 42)}${last}`), /not signed by us/);
  for (const more of ['.', '.AA', '=', 'A', ' ']) assert.throws(() => read(`${head}.${payload}.${signature}${more}`));
  for (const wrong of [null, 'text', [], { sub: claims.id }]) assert.throws(() => read(signed(head, encode(wrong))));
});
