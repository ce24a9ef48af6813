import createClient from 'openapi-fetch';
import { randomBytes } from 'node:crypto';
import { answerOf, connect, logIn, type Api, type Clip, type Task } from '../../client/connect.ts';
import type { paths } from '../../client/schema.d.ts';
import { uploadFile } from '../../client/upload.ts';

export type DemoTask = Task;
export type DemoPart = Task['parts'][number];
export type DemoClip = Clip;

export interface Session {
  submit(file: string): Promise<DemoTask>;
  read(id: string): Promise<DemoTask>;
}

/** Signs up with a new account and logs in, as any client would. */
export async function openAccount(url: string, signal: AbortSignal): Promise<Api> {
  const name = `demo-${randomBytes(4).toString('hex')}`;
  const account = { email: `${name}@example.com`, password: randomBytes(12).toString('base64url') };
  const body = { ...account, username: name, password_2: account.password };
  answerOf(await createClient<paths>({ baseUrl: url }).POST('/auth/signup', { body, signal }));
  return connect(await logIn(url, account));
}

export async function openSession(url: string, signal: AbortSignal): Promise<Session> {
  const api = await openAccount(url, signal);
  return {
    async submit(file) {
      const upload = await uploadFile(api, file, { signal });
      const params = { query: { dry_run: '0' as const }, header: {} };
      const body = { upload_id: upload, profile: 'idrl', priority: 0 };
      return answerOf(await api.POST('/tasks', { body, params, signal }));
    },
    async read(id) {
      return answerOf(await api.GET('/tasks/{id}', { params: { path: { id } }, signal }));
    },
  };
}
