import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { Agent, request as send } from 'node:http';
import { test } from 'node:test';
import fc from 'fast-check';
import { problemSchema } from '../web/errors.ts';
import { newClient } from './kit/client.ts';
import { requestsElsewhere, requestsTo, type FuzzRequest, type Known } from './kit/fuzz/requests.ts';
import { checkerOf, readDocument, type Document, type Operation } from './kit/openapi.ts';
import { startService, type Service } from './kit/service.ts';

/** `FUZZ_SEED` asks again what a run that failed has asked. */
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const TO_OPERATIONS = 4_900;
const ELSEWHERE = 300;
const AT_ONCE = 16;
const ANSWER_MS = 10_000;
const STREAM = 'text/event-stream';

interface Answer {
  status: number;
  type: string;
  requestId: string;
  allow: string;
  text: string;
}

test(`whatever is asked, the answer is the one that the description declares (FUZZ_SEED=${seed})`, async (t) => {
  const service = await startService(t, {
    workers: 0,
    env: { REQUESTS_PER_MINUTE: '1000000', TASKS_PER_OWNER: '200', WEBHOOKS_AT_ONCE: '0' },
  });
  const document = await readDocument(service.url);
  const requests = await draw(service, document);
  assert.ok(requests.length >= 5_000, `${requests.length} requests`);

  const began = performance.now();
  const check = checkerOf(document);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  t.after(() => agent.destroy());
  const wrong: string[] = [];
  const statuses = new Map<number, number>();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = requests.pop(); next; next = requests.pop()) {
        const answer = await ask(service.url, agent, next);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const problem = faultOf(answer, next, check);
        if (problem) wrong.push(`${problem}\n${shown(next)}\n${answer.status} ${answer.text.slice(0, 500)}`);
      }
    }),
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  t.diagnostic(`${counts.join(', ')}; in ${seconds} s`);
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} answers are wrong; FUZZ_SEED=${seed} asks again`);
  for (const status of [200, 201, 400, 401, 404, 405, 413, 415])
    assert.ok(statuses.has(status), `no ${status} was met`);
});

async function draw(service: Service, document: Document): Promise<FuzzRequest[]> {
  const [client, other] = [await newClient(service.url), await newClient(service.url)];
  const ids = [];
  for (const owner of [client, client, client, other])
    ids.push((await owner.submit('https://example.com/a.mp4')).task_id);
  const upload = await client.ask<{ upload_id: string }>('POST', '/uploads', { bytes: 5 });
  const hook = await client.ask<{ webhook_id: string }>('POST', '/webhooks', { url: 'https://example.com/' });
  const ended = ids[0] ?? '';
  await client.ask('DELETE', `/tasks/${ended}`);
  const { body: log } = await client.ask<{ delivery_id: string }[]>('GET', `/tasks/${ended}/deliveries`);
  ids.push(hook.body.webhook_id, ...log.map(({ delivery_id: id }) => id));
  const bearer = `Bearer ${client.token}`;
  const admin = await newClient(service.url);
  await service.db.raw(`update users set role = 'admin' where created_at = (select max(created_at) from users)`);
  const authorizations = [
    ...Array<string>(12).fill(bearer),
    `Bearer ${other.token}`,
    `Bearer ${admin.token}`,
    `${bearer}x`,
    'Bearer',
    'Basic eDp5',
    '',
  ];
  const known: Known = { authorizations, ids: [...ids, upload.body.upload_id] };
  // Ends every token of whoever asks for it.
  const leaving = { ...known, authorizations: [`Bearer ${(await newClient(service.url)).token}`, ''] };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method })),
  );
  const drawn = operations.flatMap(({ path, method }, index) =>
    fc.sample(requestsTo(document, path, method, path === '/auth/logout-everywhere' ? leaving : known), {
      seed: seed + index,
      numRuns: Math.ceil(TO_OPERATIONS / operations.length),
    }),
  );
  return [...drawn, ...fc.sample(requestsElsewhere(known), { seed, numRuns: ELSEWHERE })].reverse();
}

function faultOf(
  answer: Answer,
  { method, operation, headers }: FuzzRequest,
  check: ReturnType<typeof checkerOf>,
): string | null {
  const { status, type, text, requestId } = answer;
  if (status >= 500) return 'our fault';
  if (!requestId) return 'there is no request id';
  if (method === 'HEAD') return text === '' ? null : 'a HEAD has a body';
  // What a browser asks for is a page, of which the description does not tell.
  if (status === 200 && type.startsWith('text/html') && /text\/html/.test(headers.accept ?? '')) return null;
  const body: unknown = /json/.test(type) ? JSON.parse(text) : text;
  if (status >= 400) {
    const problem = problemSchema.safeParse(body);
    if (!problem.success || !type.startsWith('application/problem+json')) return 'the error is no problem+json';
    if (problem.data.status !== status || problem.data.request_id !== requestId) return 'the problem tells of another';
    if (status === 405) return answer.allow ? null : 'there is no Allow';
  }
  return operation && (type.startsWith(STREAM) ? undeclared(operation, status) : check(operation, status, body));
}

function undeclared({ responses }: Operation, status: number): string | null {
  return responses[status] ? null : `the status ${status} is not declared`;
}

function ask(url: string, agent: Agent, asked: FuzzRequest): Promise<Answer> {
  const { method, path, headers, bytes } = asked;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = { ...headers, ...(bytes.length > 0 && { 'content-length': String(bytes.length) }) };
    const request = send({ hostname, port, method, path, headers: sent, agent }, (response) => {
      let text = '';
      const answered = () => {
        const header = (name: string) => String(response.headers[name] ?? '');
        const { statusCode: status = 0 } = response;
        resolve({
          status,
          type: header('content-type'),
          requestId: header('x-request-id'),
          allow: header('allow'),
          text,
        });
      };
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject).on('end', answered);
      if (!response.headers['content-type']?.startsWith(STREAM)) return;
      // It has no end, and its beginning is answer enough.
      answered();
      response
        .removeAllListeners('error')
        .on('error', () => {})
        .destroy();
    });
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error(`no answer within ${ANSWER_MS} ms`)));
    request.on('error', (error) => reject(new Error(`${error.message}: ${shown(asked)}`, { cause: error })));
    request.end(bytes);
  });
}

function shown({ method, path, headers, bytes }: FuzzRequest): string {
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers)} ${JSON.stringify(bytes.toString().slice(0, 500))}`;
}
