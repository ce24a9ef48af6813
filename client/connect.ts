import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.d.ts';

/** The API, typed: `api.GET('/tasks/{id}', { params: { path: { id } } })`. */
export type Api = Client<paths>;
export type Task = components['schemas']['Task'];
export type Clip = Task['clips'][number];

/** What logging in gives. */
export interface Session {
  url: string;
  /** The email logged in with; absent where the session was kept by a version of before. */
  account?: string | undefined;
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

/** How long the service may take to answer a refresh, ms: as the page waits. */
const REFRESH_MS = 30_000;

/** What asks the service for the session after one. The refresh token of that one is used up then. */
export type Refresh = (session: Session) => Promise<Session>;

/**
 * The API with somebody's session, which is renewed when it has run out.
 *
 * @param renew gives the session to go on with. Programs that share a session have to refresh it one after another, or they
 *   log each other out.
 */
export function connect(
  session: Session,
  renew: (session: Session, refresh: Refresh) => Promise<Session> = (old, refresh) => refresh(old),
): Api {
  const api = createClient<paths>({ baseUrl: session.url });
  let now = session;
  let renewing: Promise<void> | undefined;
  api.use({
    async onRequest({ request }) {
      if (!isFresh(now)) await (renewing ??= goOn().finally(() => (renewing = undefined)));
      request.headers.set('authorization', `Bearer ${now.token}`);
    },
  });

  async function goOn(): Promise<void> {
    now = await renew(now, refreshed);
  }
  return api;
}

/** Whether a session's token will do for a request. */
export function isFresh(session: Session): boolean {
  return session.expires_at >= Date.now() + SPARE_MS;
}

/** Not for Ctrl-C to end: with its answer the session would be lost. */
async function refreshed({ url, account, refresh_token: token }: Session): Promise<Session> {
  const nobody = createClient<paths>({ baseUrl: url });
  const signal = AbortSignal.timeout(REFRESH_MS);
  const given = answerOf(await nobody.POST('/auth/refresh', { body: { refresh_token: token }, signal }));
  return { ...sessionOf(url, given), account };
}

export async function logIn(url: string, account: { email: string; password: string }): Promise<Session> {
  const api = createClient<paths>({ baseUrl: url });
  return { ...sessionOf(url, answerOf(await api.POST('/auth/login', { body: account }))), account: account.email };
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
