import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import path from 'node:path';

/** What the demo reads of a task; see `/openapi.json` for all of it. */
export interface DemoTask {
  task_id: string;
  status: 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  error: { message: string } | null;
  progress: { phase: string; percent: number; eta_seconds: number | null };
  parts: DemoPart[];
  clips: DemoClip[];
}

export interface DemoPart {
  part: number;
  start: number;
  end: number;
  state: string;
  progress: number;
}

export interface DemoClip {
  name: string;
  url: string;
  seconds: number;
  bytes: number;
  width: number;
  height: number;
}

export interface Session {
  submit(file: string): Promise<DemoTask>;
  read(id: string): Promise<DemoTask>;
}

/** Signs up with a new account and logs in, as any client would. */
export async function openSession(url: string, signal: AbortSignal): Promise<Session> {
  const name = `demo-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  const account = { username: name, email: `${name}@example.com` };
  await post('/auth/signup', { ...account, password, password_2: password });
  const { token } = (await post('/auth/login', { email: account.email, password })) as { token: string };
  const authorization = `Bearer ${token}`;

  function post(route: string, body: object): Promise<unknown> {
    return ask(route, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  }

  async function ask(route: string, init: RequestInit): Promise<unknown> {
    const response = await fetch(new URL(route, url), { ...init, signal });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${route} answered ${response.status}: ${(body as { detail: string }).detail}`);
    return body;
  }

  return {
    async submit(file) {
      const form = new FormData();
      form.set('profile', 'idrl');
      form.set('video', await openAsBlob(file), path.basename(file));
      return (await ask('/tasks', { method: 'POST', body: form, headers: { authorization } })) as DemoTask;
    },
    async read(id) {
      return (await ask(`/tasks/${id}`, { headers: { authorization } })) as DemoTask;
    },
  };
}
