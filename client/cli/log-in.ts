import { logIn } from '../connect.ts';
import type { Arguments } from './arguments.ts';
import { alone, keepSession, readSession, sessionFile } from './kept-session.ts';
import { askOpenly, askSecretly } from './password.ts';
import type { Terminal } from './run.ts';

const USUAL_URL = 'http://127.0.0.1:8080';

/** Logs in, and keeps the session for the commands after it. */
export async function logInAndKeep({ url, email }: Arguments['options'], { out, signal }: Terminal): Promise<number> {
  const service = url ?? (await readSession().catch(() => null))?.url ?? USUAL_URL;
  const account = {
    email: email ?? (await askOpenly('Email: ', signal)),
    // Not an argument: others on the machine can read those.
    password: process.env.CLAQUETA_PASSWORD ?? (await askSecretly('Password: ', signal)),
  };
  const session = await logIn(service.replace(/\/+$/, ''), account);
  await alone(() => keepSession(session), signal);
  out.write(`Logged in at ${service}. The session is in ${sessionFile()}.\n`);
  return 0;
}
