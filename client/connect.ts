import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.d.ts';

/** The API, typed: `api.GET('/tasks/{id}', { params: { path: { id } } })`. */
export type Api = Client<paths>;
export type Task = components['schemas']['Task'];
export type Clip = Task['clips'][number];

/** What logging in gives. */
export interface Session {
  url: string;
  token: string;
  refresh_token: string;
  /** When the token has run out, ms since 1970. */
  expires_at: number;
}

/** An error that the service answered, in its words. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, problem: { detail?: string; code?: string } | undefined) {
    super(problem?.detail ?? `The service answered ${status}.`);
    this.name = 'Refused';
    this.status = status;
    this.code = problem?.code ?? '';
  }
}

/** A token that is nearly run out would have on the way. */
const SPARE_MS = 30_000;

/**
 * The API with somebody's session, which is refreshed when it has run out.
 *
 * @param onChange is given each new session, to be kept: the refresh token of before is used up
 */
export function connect(session: Session, onChange: (session: Session) => Promise<void> = async () => {}): Api {
  const api = createClient<paths>({ baseUrl: session.url });
  let now = session;
  let refreshing: Promise<void> | undefined;
  api.use({
    async onRequest({ request }) {
      if (now.expires_at < Date.now() + SPARE_MS)
        await (refreshing ??= refresh().finally(() => (refreshing = undefined)));
      request.headers.set('authorization', `Bearer ${now.token}`);
    },
  });

  async function refresh(): Promise<void> {
    const nobody = createClient<paths>({ baseUrl: now.url });
    const body = { refresh_token: now.refresh_token };
    now = sessionOf(now.url, answerOf(await nobody.POST('/auth/refresh', { body })));
    await onChange(now);
  }
  return api;
}

export async function logIn(url: string, account: { email: string; password: string }): Promise<Session> {
  const api = createClient<paths>({ baseUrl: url });
  return sessionOf(url, answerOf(await api.POST('/auth/login', { body: account })));
}

/** What was answered. @throws Refused */
export function answerOf<Answer>(result: { data?: Answer; error?: unknown; response: Response }): Answer {
  if (result.response.ok) return result.data as Answer;
  throw new Refused(result.response.status, result.error as { detail?: string; code?: string } | undefined);
}

function sessionOf(url: string, given: { token: string; refresh_token: string; expires_in: number }): Session {
  const { token, refresh_token, expires_in: seconds } = given;
  return { url, token, refresh_token, expires_at: Date.now() + seconds * 1000 };
}
