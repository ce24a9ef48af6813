import assert from 'node:assert/strict';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { startDns } from '../shared/fetch/test-kit/dns.ts';
import { serve, type LocalServer } from '../shared/fetch/test-kit/server.ts';
import { problemCodes } from '../shared/task/problem.ts';
import { newClient, type TaskView } from './kit/client.ts';
import { startService } from './kit/service.ts';

/** Every name and what it leads to: at the first question, at the second, and so on. */
const zone = {
  'entry.attacker.com': [['127.0.0.1']],
  'four.attacker.com': [['127.0.0.1']],
  'six.attacker.com': [['::1']],
  'mapped.attacker.com': [['::ffff:127.0.0.1']],
  'many.attacker.com': [['10.0.0.1', '127.0.0.1', '::1', 'fd00::1']],
  'turning.attacker.com': [['10.0.0.1'], ['127.0.0.1']],
  'metadata.attacker.com': [['169.254.169.254']],
  'nothing.attacker.com': [[]],
} as const;
const names = Object.keys(zone).filter((name) => name !== 'entry.attacker.com');

const targets = [
  ...[...names, 'missing.attacker.com'].map((name) => `http://${name}/`),
  ...['http://127.0.0.1/', 'http://[::1]/', 'http://0/', 'http://127.1/', 'http://2130706433/', 'http://localhost/'],
  ...['//127.0.0.1/', '//four.attacker.com/', '/\\127.0.0.1/', 'http:\\\\127.0.0.1\\', 'http://x@127.0.0.1/'],
  ...['http://169.254.169.254/', 'http://metadata.google.internal/', 'http://[::ffff:127.0.0.1]/', 'http://[fd00::1]/'],
  ...['file:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1/', 'data:video/mp4,x', 'concat:/etc/passwd'],
];

test('a worker reaches nothing private by name or redirect, and its owner cannot tell one refusal from another', async (t) => {
  await useDns(t);
  const canaries = await standCanaries(t);
  const entry = await serve(t, (request, response) => {
    const location = targets[Number(request.url?.slice(1))] ?? `http://127.0.0.1:${canaries.odd}/`;
    response.writeHead(302, { location }).end();
  });
  // The way in is allowed by its name and port, and nothing else is.
  const { url } = await startService(t, {
    env: { SOURCE_ALLOW: `entry.attacker.com:${entry.port}`, WORKER_SLOTS: '4' },
  });
  const client = await newClient(url);
  const redirected = [...targets, 'odd port'].map((_, index) => `http://entry.attacker.com:${entry.port}/${index}`);
  const direct = names.map((name) => `http://${name}/clip.mp4`);

  const began = performance.now();
  const told = await Promise.all(
    [...redirected, ...direct].map(async (source) => {
      const { task_id: id } = await client.submit(source);
      return tellable(await client.ended(id));
    }),
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  t.diagnostic(`${told.length} sources refused in ${seconds} s; canaries at ${canaries.at.join(', ')}`);
  assert.equal(told[0]?.error?.message, problemCodes.source_refused);
  for (const [index, one] of told.entries()) assert.deepEqual(one, told[0], [...targets, ...direct][index]);
  assert.equal(entry.connections(), redirected.length);
  assert.equal(canaries.connections(), 0, 'a canary was reached');
});

/** All that an owner can read of a task, apart from what is the task's own: its name, times and address. */
function tellable(task: TaskView): Partial<TaskView> {
  const own = ['task_id', 'created_at', 'started_at', 'finished_at', 'source'];
  return Object.fromEntries(Object.entries(task).filter(([name]) => !own.includes(name)));
}

/** The system's resolver gives way to a real one of ours, for everything in this process. */
async function useDns(t: TestContext): Promise<void> {
  const { lookup } = await startDns(t, zone);
  const system = dns.lookup;
  const ours = ((name: string, ...rest: Parameters<typeof lookup> extends [string, ...infer Rest] ? Rest : never) =>
    name.endsWith('.attacker.com') ? lookup(name, ...rest) : system(name, ...rest)) as typeof dns.lookup;
  dns.lookup = ours;
  syncBuiltinESMExports();
  t.after(() => {
    dns.lookup = system;
    syncBuiltinESMExports();
  });
}

/** Servers that must never be reached: on the web's own ports where we may, and on one that nobody knows. */
async function standCanaries(t: TestContext) {
  const wanted = ['127.0.0.1', '::1'].flatMap((host) => [80, 443, 0].map((port) => ({ host, port })));
  const standing: { at: string; port: number; connections: LocalServer['connections'] }[] = [];
  for (const { host, port } of wanted) {
    let reached = 0;
    const server = createServer((socket) => {
      reached++;
      socket.destroy();
    });
    const stands = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, host, () => resolve(true));
    });
    if (!stands) continue;
    t.after(() => server.close());
    const { port: taken } = server.address() as AddressInfo;
    standing.push({ at: `${host}:${taken}`, port: taken, connections: () => reached });
  }
  const odd = standing.find(({ port }) => port > 443)?.port ?? 1;
  return {
    odd,
    at: standing.map(({ at }) => at),
    connections: () => standing.reduce((sum, canary) => sum + canary.connections(), 0),
  };
}
