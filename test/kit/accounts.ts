import { SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { randomBytes } from 'node:crypto';
import { rows, type Db } from '../../shared/db/connect.ts';
import type { Settings } from '../../shared/env.ts';
import { tokenKeys } from '../../shared/secrets.ts';
import { clientWith, type Answer, type Client } from './client.ts';

export interface Session {
  token: string;
  token_type: string;
  expires_in: number;
  refresh_token: string;
}

export interface TestAccount {
  id: string;
  email: string;
  password: string;
}

/** Signs up under a name of its own. */
export async function signUp(url: string): Promise<TestAccount> {
  const name = `test-${randomBytes(6).toString('hex')}`;
  const account = { email: `${name}@example.com`, password: 'A long enough one' };
  const body = { ...account, username: name, password_2: account.password };
  const answer = await clientWith(url, '').ask<{ id: string }>('POST', '/auth/signup', body);
  if (answer.status !== 201) throw new Error(`signing up was answered ${answer.status}`);
  return { id: answer.body.id, ...account };
}

export function logIn(url: string, account: { email: string; password: string }): Promise<Answer<Session>> {
  const { email, password } = account;
  return clientWith(url, '').ask<Session>('POST', '/auth/login', { email, password });
}

export function refresh(url: string, token: string): Promise<Answer<Session>> {
  return clientWith(url, '').ask<Session>('POST', '/auth/refresh', { refresh_token: token });
}

/** Signs up and logs in. */
export async function openSession(url: string): Promise<Session & { account: TestAccount; client: Client }> {
  const account = await signUp(url);
  const { body, status } = await logIn(url, account);
  if (status !== 200) throw new Error(`logging in was answered ${status}`);
  return { ...body, account, client: clientWith(url, body.token) };
}

/** A token signed with our own key, right but for what is changed. */
export async function forgeToken(
  settings: Settings,
  user: string,
  change: {
    header?: Partial<JWTHeaderParameters>;
    payload?: JWTPayload & Record<string, unknown>;
    key?: Uint8Array;
  } = {},
): Promise<string> {
  const [{ id, key }] = await tokenKeys(settings);
  const now = Math.floor(Date.now() / 1000);
  const payload = { ver: 0, sub: user, iss: 'claqueta', aud: 'claqueta-api', iat: now, exp: now + 900 };
  return new SignJWT({ ...payload, ...change.payload })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: id, ...change.header })
    .sign(change.key ?? key);
}

/** The events of the audit, oldest first. */
export async function auditedEvents(db: Db): Promise<string[]> {
  return (await rows<{ event: string }>(db, 'select event from audit order by id')).map(({ event }) => event);
}
