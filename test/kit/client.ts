import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { taskSchema } from '../../web/tasks/schema.ts';
import { until } from './until.ts';

export type TaskView = z.output<typeof taskSchema>;

export interface Answer<Body = unknown> {
  status: number;
  headers: Headers;
  body: Body;
}

/** One owner's way to the API. Answers every status; tests say which they expect. */
export interface Client {
  token: string;
  ask<Body = unknown>(
    method: string,
    route: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  submit(url: string, more?: Record<string, unknown>): Promise<TaskView>;
  upload(file: string, fields?: Record<string, string>): Promise<Answer<TaskView>>;
  /** A form as it is. */
  send<Body = unknown>(route: string, form: FormData): Promise<Answer<Body>>;
  read(id: string): Promise<TaskView>;
  /** Reads until the task meets the condition. */
  wait(id: string, met: (task: TaskView) => boolean, what: string, timeout?: number): Promise<TaskView>;
  /** Reads until the task is final. */
  ended(id: string, timeout?: number): Promise<TaskView>;
}

/** Signs up with a new account and logs in. */
export async function newClient(url: string): Promise<Client> {
  const name = `test-${randomBytes(6).toString('hex')}`;
  const email = `${name}@example.com`;
  const password = 'A long enough one';
  const nobody = clientWith(url, '');
  await expect(nobody.ask('POST', '/auth/signup', { username: name, email, password, password_2: password }), 201);
  const session = await expect(nobody.ask<{ token: string }>('POST', '/auth/login', { email, password }), 200);
  return clientWith(url, session.token);
}

export function clientWith(url: string, token: string): Client {
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};

  async function send<Body>(route: string, init: RequestInit): Promise<Answer<Body>> {
    const response = await fetch(new URL(route, url), { ...init, redirect: 'manual' });
    const text = await response.text();
    const body = /json/.test(response.headers.get('content-type') ?? '') ? (JSON.parse(text) as unknown) : text;
    return { status: response.status, headers: response.headers, body: body as Body };
  }

  const client: Client = {
    token,
    ask(method, route, body, headers = {}) {
      const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      const init: RequestInit = { method, headers: { ...authorization, ...json, ...headers } };
      if (body !== undefined) init.body = JSON.stringify(body);
      return send(route, init);
    },
    submit: (video, more = {}) => expect(client.ask<TaskView>('POST', '/tasks', { url: video, ...more }), 201),
    send: (route, form) => send(route, { method: 'POST', headers: authorization, body: form }),
    async upload(file, fields = {}) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('video', new Blob([await readFile(file)]), path.basename(file));
      return client.send('/tasks', form);
    },
    read: (id) => expect(client.ask<TaskView>('GET', `/tasks/${id}`), 200),
    wait: (id, met, what, timeout = 60_000) => until(look(id, met), { what, timeout, every: 50 }),
    ended(id, timeout = 60_000) {
      // What has ended stays so: no need to look as often as for what passes, and looking costs all who work here.
      return until(look(id, hasEnded), { what: `task ${id} has ended`, timeout, every: 100 });
    },
  };
  const look = (id: string, met: (task: TaskView) => boolean) => async () => {
    const task = await client.read(id);
    return met(task) && task;
  };
  return client;
}

function hasEnded({ status }: TaskView): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(status);
}

async function expect<Body>(asking: Promise<Answer<Body>>, status: number): Promise<Body> {
  const answer = await asking;
  if (answer.status === status) return answer.body;
  throw new Error(`Expected ${status}, was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}
