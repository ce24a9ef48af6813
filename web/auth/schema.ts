import { z } from 'zod';
import { commonPasswords } from './common-passwords.ts';

/** What the account routes take and answer. */
const newPassword = z
  .string()
  .min(8)
  .max(128)
  .refine((password) => !commonPasswords.has(password), 'This password is one of the first that anyone would try.');

export const signUpBody = z
  .strictObject({
    username: z.string().trim().min(2).max(64),
    email: z.email().max(254),
    password: newPassword,
    password_2: z.string(),
  })
  .refine((body) => body.password === body.password_2, { path: ['password_2'], message: 'The passwords differ.' })
  .meta({ id: 'SignUp' });

export const accountSchema = z
  .object({ id: z.uuid(), username: z.string(), email: z.string() })
  .meta({ id: 'Account' });

export const logInBody = z
  .strictObject({ email: z.string().max(254), password: z.string().max(128) })
  .meta({ id: 'LogIn' });

export const refreshBody = z.strictObject({ refresh_token: z.string().max(128) }).meta({ id: 'Refresh' });

export const passwordBody = z
  .strictObject({
    password: z.string().max(128).describe('The one of now.'),
    new_password: newPassword,
    new_password_2: z.string(),
  })
  .refine((body) => body.new_password === body.new_password_2, {
    path: ['new_password_2'],
    message: 'The passwords differ.',
  })
  .meta({ id: 'ChangePassword' });

export const sessionSchema = z
  .object({
    token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds until `token` expires.'),
    refresh_token: z.string().describe('Good for one use of /auth/refresh.'),
  })
  .meta({ id: 'Session' });
