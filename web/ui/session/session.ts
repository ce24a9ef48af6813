import { signal } from '@preact/signals';
import { Refusal } from '../api/refusal.ts';
import { send } from '../api/send.ts';
import { keep, kept, onKept } from '../settings/kept.ts';
import { inTurn } from './turn.ts';

/** The log-in that all windows of this browser share (docs/decisions/0017-one-session-for-all-windows.md). */
export interface Session {
  email: string;
  token: string;
  /** By this machine's clock, ms. */
  expires_at: number;
  refresh_token: string;
}

interface Issued {
  token: string;
  expires_in: number;
  refresh_token: string;
}

/** A token is refreshed so long before it expires, ms. */
const EARLY_MS = 20_000;

export const session = signal<Session | null>(read());

/** Whether the session ended by itself, for the log-in view to say so. */
export const hasEnded = signal(false);

onKept('session', () => {
  const next = read();
  // The signal tells of log-ins and log-outs; a refresh is nobody's business but the next request's.
  if (next?.email !== session.value?.email) session.value = next;
});

export async function logIn(email: string, password: string): Promise<void> {
  const { body } = await send<Issued>('POST', '/auth/login', { body: { email, password } });
  const begun = store(email, body);
  keep('known', 'yes');
  hasEnded.value = false;
  session.value = begun;
}

export async function logOut(): Promise<void> {
  const refresh_token = read()?.refresh_token;
  keep('session', null);
  session.value = null;
  // Gone from here in any case; the server forgets it too, when it can be reached.
  if (refresh_token) await send('POST', '/auth/logout', { body: { refresh_token } }).catch(() => undefined);
}

/** The session was refused. */
export function endSession(): void {
  keep('session', null);
  hasEnded.value = session.value !== null;
  session.value = null;
}

/**
 * A token for the next request. Refresh tokens are good for one use, and using one twice ends the session: so one window
 * at a time refreshes, and looks first whether another has done it already.
 *
 * @param refused a token that was not taken any more
 * @throws Refusal 401 when the session is over
 */
export async function accessToken(refused?: string): Promise<string> {
  const known = usable(refused);
  if (known) return known;
  return inTurn(async () => {
    const now = read();
    if (!now) {
      endSession();
      throw new Refusal(401, { code: 'unauthorized' });
    }
    return usable(refused) ?? (await refresh(now)).token;
  });
}

function usable(refused: string | undefined): string | null {
  const now = read();
  return now && now.token !== refused && now.expires_at - EARLY_MS > Date.now() ? now.token : null;
}

async function refresh({ email, refresh_token }: Session): Promise<Session> {
  try {
    const { body } = await send<Issued>('POST', '/auth/refresh', { body: { refresh_token } });
    return store(email, body);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) endSession();
    throw error;
  }
}

function store(email: string, { token, expires_in, refresh_token }: Issued): Session {
  const next = { email, token, refresh_token, expires_at: Date.now() + expires_in * 1000 };
  keep('session', JSON.stringify(next));
  return next;
}

function read(): Session | null {
  try {
    return JSON.parse(kept('session') ?? 'null') as Session | null;
  } catch {
    return null;
  }
}
