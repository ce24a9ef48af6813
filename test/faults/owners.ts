import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceProcess } from './service-process.ts';
import type { Owners } from './submit.ts';

/** Before the tokens' fifteen minutes are over. */
const LOG_IN_EVERY_MS = 8 * 60_000;
const password = 'A long enough one';

/** Accounts for the run; they log in again now and then until the signal aborts. */
export async function newOwners(webs: ServiceProcess[], count: number, signal: AbortSignal): Promise<Owners> {
  const emails = Array.from({ length: count }, () => `${randomBytes(6).toString('hex')}@example.com`);
  for (const email of emails) {
    await ask(webs, '/auth/signup', { username: email.slice(0, 12), email, password, password_2: password }, 201);
  }
  let tokens = await logIn(webs, emails);
  void keepLoggedIn();

  async function keepLoggedIn(): Promise<void> {
    while (!signal.aborted) {
      await pause(LOG_IN_EVERY_MS, undefined, { signal }).catch(() => {});
      if (!signal.aborted) tokens = await logIn(webs, emails);
    }
  }

  return { token: (owner) => tokens[owner % count] ?? '' };
}

async function logIn(webs: ServiceProcess[], emails: string[]): Promise<string[]> {
  const tokens: string[] = [];
  for (const email of emails) {
    tokens.push((await ask<{ token: string }>(webs, '/auth/login', { email, password }, 200)).token);
  }
  return tokens;
}

/** Any web may be down; the next one is asked then. */
async function ask<Body>(webs: ServiceProcess[], route: string, body: object, status: number): Promise<Body> {
  let last: unknown;
  for (let turn = 0; turn < 200; turn++) {
    try {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const response = await fetch(new URL(route, webs[turn % webs.length]?.url), init);
      const text = await response.text();
      if (response.status === status) return JSON.parse(text) as Body;
      last = `${response.status} ${text}`;
    } catch (error) {
      last = error;
    }
    await pause(200);
  }
  throw new Error(`${route} was not answered ${status}: ${String(last)}`, { cause: last });
}
