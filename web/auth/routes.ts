import { revokeTokens } from '../../shared/accounts.ts';
import type { Origin } from '../../shared/audit.ts';
import type { Db } from '../../shared/db/connect.ts';
import { problemSchema } from '../errors.ts';
import { originOf } from '../origin.ts';
import { route, type Route } from '../route.ts';
import { createAccount } from './accounts.ts';
import { changePassword, logIn } from './log-in.ts';
import { endFamily, issueRefreshToken, useRefreshToken, type Holder } from './refresh-tokens.ts';
import { accountSchema, logInBody, passwordBody, refreshBody, sessionSchema, signUpBody } from './schema.ts';
import type { Standings } from './standings.ts';
import type { ThrottleSettings } from './throttle.ts';
import type { Tokens } from './tokens.ts';

const common = { tag: 'auth', owner: false } as const;
const wrong = { description: 'Wrong, expired or used before.', schema: problemSchema };
const tooMany = {
  description: 'Too many tries; again after `Retry-After` seconds.',
  schema: problemSchema,
  headers: { 'Retry-After': 'Seconds to wait.' },
};

export interface Accounts {
  db: Db;
  tokens: Tokens;
  standings: Standings;
  settings: ThrottleSettings;
}

/** Sign up, log in, rotate, log out, change the password. */
export function authRoutes({ db, tokens, standings, settings }: Accounts): Route[] {
  const session = async (holder: Holder, refreshToken: string) => ({
    token: await tokens.issue(holder),
    token_type: 'Bearer' as const,
    expires_in: tokens.seconds,
    refresh_token: refreshToken,
  });
  const newSession = async (holder: Holder, from: Origin) => session(holder, await issueRefreshToken(db, holder, from));

  return [
    route(
      {
        method: 'post',
        path: '/auth/signup',
        summary: 'Open an account',
        ...common,
        body: signUpBody,
        answers: {
          201: { description: 'The account.', schema: accountSchema },
          409: { description: 'The name or the address is taken.', schema: problemSchema },
          429: tooMany,
        },
      },
      async ({ body, ...request }) => ({
        status: 201,
        body: await createAccount(db, settings, body, originOf(request)),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/auth/login',
        summary: 'Log in',
        ...common,
        body: logInBody,
        answers: { 200: { description: 'An access token.', schema: sessionSchema }, 401: wrong, 429: tooMany },
      },
      async ({ body, ...request }) => {
        const from = originOf(request);
        return { status: 200, body: await newSession(await logIn(db, settings, body, from), from) };
      },
    ),
    route(
      {
        method: 'post',
        path: '/auth/refresh',
        summary: 'Get the next access token',
        ...common,
        body: refreshBody,
        answers: { 200: { description: 'The next pair of tokens.', schema: sessionSchema }, 401: wrong },
      },
      async ({ body, ...request }) => {
        const { holder, refreshToken } = await useRefreshToken(db, body.refresh_token, originOf(request));
        return { status: 200, body: await session(holder, refreshToken) };
      },
    ),
    route(
      {
        method: 'post',
        path: '/auth/logout',
        summary: 'Log out',
        ...common,
        body: refreshBody,
        answers: { 204: { description: 'Logged out.' } },
      },
      async ({ body, ...request }) => {
        await endFamily(db, body.refresh_token, originOf(request));
        return { status: 204 };
      },
    ),
    route(
      {
        method: 'post',
        path: '/auth/logout-everywhere',
        summary: 'End all your sessions, this one too',
        ...common,
        owner: true,
        answers: { 204: { description: 'No token issued before is valid any more.' } },
      },
      async ({ user, ...request }) => {
        await revokeTokens(db, { id: user.id }, originOf(request));
        standings.forget(user.id);
        return { status: 204 };
      },
    ),
    route(
      {
        method: 'post',
        path: '/auth/password',
        summary: 'Change your password and end all other sessions',
        ...common,
        owner: true,
        body: passwordBody,
        answers: {
          200: { description: 'A new session; no token issued before is valid any more.', schema: sessionSchema },
          401: { description: 'Log in first, or `password` is wrong.', schema: problemSchema },
          429: tooMany,
        },
      },
      async ({ body, user, ...request }) => {
        const from = originOf(request);
        const holder = await changePassword(db, settings, user.id, body, from);
        standings.forget(user.id);
        return { status: 200, body: await newSession(holder, from) };
      },
    ),
  ];
}
