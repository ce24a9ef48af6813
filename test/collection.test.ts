import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { readDocument } from './kit/openapi.ts';
import { startService } from './kit/service.ts';

const file = path.join(import.meta.dirname, '../docs/collection/claqueta.postman_collection.json');

/** What https://schema.getpostman.com/json/collection/v2.1.0/collection.json asks of what we write. */
const pair = z.strictObject({
  key: z.string(),
  value: z.string(),
  description: z.string().optional(),
  disabled: z.boolean().optional(),
});
const auth = z.strictObject({
  type: z.enum(['noauth', 'bearer']),
  bearer: z.array(z.strictObject({ key: z.string(), value: z.string(), type: z.string() })).optional(),
});
const request = z.strictObject({
  method: z.string(),
  auth: auth.optional(),
  header: z.array(pair),
  body: z
    .strictObject({
      mode: z.literal('raw'),
      raw: z.string(),
      options: z.object({ raw: z.object({ language: z.literal('json') }) }),
    })
    .optional(),
  url: z.strictObject({
    raw: z.string(),
    host: z.array(z.string()),
    path: z.array(z.string()),
    query: z.array(pair).optional(),
    variable: z.array(pair).optional(),
  }),
});
const event = z.strictObject({
  listen: z.literal('test'),
  script: z.strictObject({ type: z.literal('text/javascript'), exec: z.array(z.string()) }),
});
const item = z.strictObject({
  name: z.string().min(1),
  event: z.array(event).optional(),
  request,
  response: z.tuple([]),
});
const collectionSchema = z.strictObject({
  info: z.strictObject({
    name: z.string(),
    description: z.string(),
    schema: z.literal('https://schema.getpostman.com/json/collection/v2.1.0/collection.json'),
  }),
  auth,
  variable: z.array(pair),
  item: z.array(z.strictObject({ name: z.string(), item: z.array(item) })),
});

type Item = z.output<typeof item>;

test('the collection that is kept is the one that the service serves, in the form of Postman', async (t) => {
  const service = await startService(t, { workers: 0 });
  const served: unknown = await (await fetch(`${service.url}/collection.json`)).json();
  const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
  assert.deepEqual(kept, served, 'run "npm run collection"');
  const collection = collectionSchema.parse(kept);
  const requests = collection.item.flatMap((folder) => folder.item);
  const { paths } = await readDocument(service.url);
  const described = Object.entries(paths).flatMap(([route, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${route.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  const there = new Set(
    requests.map((one) => `${one.request.method} ${one.request.url.raw.replace('{{base_url}}', '')}`),
  );
  assert.deepEqual(
    described.filter((route) => !there.has(route)),
    [],
    'every route is in it',
  );
});

test('the collection logs in by itself, and its original requests work as they stand', async (t) => {
  const service = await startService(t, { workers: 0 });
  const collection = collectionSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const variables = new Map(collection.variable.map(({ key, value }) => [key, value]));
  variables.set('base_url', service.url);
  const byName = (folder: string) => collection.item.find(({ name }) => name === folder)?.item ?? [];
  const statuses: [string, number][] = [];
  for (const one of byName('as the original clients ask')) statuses.push([one.name, await send(one, variables)]);
  assert.deepEqual(statuses, [
    ['Sign up', 201],
    ['Log in', 200],
    ['Submit', 201],
    ['List', 200],
    ['Read', 200],
    ['Abort', 200],
    // Aborted before, so it is removed.
    ['Abort, with two slashes', 204],
  ]);
  const [signUp, logIn] = byName('auth');
  assert.ok(signUp && logIn);
  variables.set('token', '');
  assert.deepEqual([await send(signUp, variables), await send(logIn, variables)], [201, 200]);
  const who = byName('auth').find(({ request }) => request.url.raw.endsWith('/account'));
  assert.ok(who);
  assert.equal(await send(who, variables), 200);
  const original = byName('as the original clients ask')[0]?.request.body?.raw;
  assert.equal(
    original,
    '{"username":"admin","email":"admin@gmail.com","password":"Admin123","password_2":"Admin123"}',
  );
});

/** Does with a request what Postman does: puts in the variables, adds the token, runs the script on the answer. */
async function send({ request, event }: Item, variables: Map<string, string>): Promise<number> {
  const filled = (text: string) => text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => variables.get(name) ?? '');
  const headers: Record<string, string> = {};
  for (const { key, value, disabled } of request.header) if (!disabled) headers[key] = filled(value);
  if (!request.auth) headers.Authorization = `Bearer ${variables.get('token')}`;
  const { method, body, url } = request;
  const answer = await fetch(filled(url.raw), { method, headers, body: body ? filled(body.raw) : null });
  const text = await answer.text();
  const pm = {
    response: { code: answer.status, json: (): unknown => JSON.parse(text) },
    collectionVariables: { set: (name: string, value: string) => variables.set(name, value) },
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- It is what Postman does with it.
  const run = new Function('pm', event?.[0]?.script.exec.join('\n') ?? '') as (given: typeof pm) => void;
  run(pm);
  return answer.status;
}
