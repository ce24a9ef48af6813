import { z } from 'zod';
import type { Db } from '../../shared/db/connect.ts';
import { problemSchema } from '../errors.ts';
import { route, type Route } from '../route.ts';
import { createAccount, logIn } from './accounts.ts';
import { commonPasswords } from './passwords.ts';
import { endFamily, issueRefreshToken, useRefreshToken } from './refresh-tokens.ts';
import { ACCESS_SECONDS, type Tokens, type User } from './tokens.ts';

const signUpBody = z
  .strictObject({
    username: z.string().trim().min(2).max(64),
    email: z.email().max(254),
    password: z
      .string()
      .min(8)
      .max(128)
      .refine((password) => !commonPasswords.has(password), 'This password is one of the first that anyone would try.'),
    password_2: z.string(),
  })
  .refine((body) => body.password === body.password_2, { path: ['password_2'], message: 'The passwords differ.' })
  .meta({ id: 'SignUp' });

const account = z.object({ id: z.uuid(), username: z.string(), email: z.string() }).meta({ id: 'Account' });

const logInBody = z.strictObject({ email: z.string().max(254), password: z.string().max(128) }).meta({ id: 'LogIn' });

const refreshBody = z.strictObject({ refresh_token: z.string().max(128) }).meta({ id: 'Refresh' });

const session = z
  .object({
    token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds until `token` expires.'),
    refresh_token: z.string().describe('Good for one use of /auth/refresh.'),
  })
  .meta({ id: 'Session' });

const refused = { description: 'Wrong, expired or used before.', schema: problemSchema };

/** Sign up, log in, rotate, log out. */
export function authRoutes(db: Db, tokens: Tokens): Route[] {
  const openSession = async (user: User, family?: string) => ({
    token: await tokens.issue(user),
    token_type: 'Bearer',
    expires_in: ACCESS_SECONDS,
    refresh_token: await issueRefreshToken(db, user.id, family),
  });

  return [
    route(
      {
        method: 'post',
        path: '/auth/signup',
        summary: 'Open an account',
        tag: 'auth',
        owner: false,
        body: signUpBody,
        answers: {
          201: { description: 'The account.', schema: account },
          409: { description: 'The name or the address is taken.', schema: problemSchema },
        },
      },
      async ({ body }) => ({ status: 201, body: await createAccount(db, body) }),
    ),
    route(
      {
        method: 'post',
        path: '/auth/login',
        summary: 'Log in',
        tag: 'auth',
        owner: false,
        body: logInBody,
        answers: { 200: { description: 'An access token.', schema: session }, 401: refused },
      },
      async ({ body }) => ({ status: 200, body: await openSession(await logIn(db, body.email, body.password)) }),
    ),
    route(
      {
        method: 'post',
        path: '/auth/refresh',
        summary: 'Get the next access token',
        tag: 'auth',
        owner: false,
        body: refreshBody,
        answers: { 200: { description: 'The next pair of tokens.', schema: session }, 401: refused },
      },
      async ({ body }) => {
        const { user, family } = await useRefreshToken(db, body.refresh_token);
        return { status: 200, body: await openSession(user, family) };
      },
    ),
    route(
      {
        method: 'post',
        path: '/auth/logout',
        summary: 'Log out',
        tag: 'auth',
        owner: false,
        body: refreshBody,
        answers: { 204: { description: 'Logged out.' } },
      },
      async ({ body }) => {
        await endFamily(db, body.refresh_token);
        return { status: 204 };
      },
    ),
  ];
}
