import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Db } from '../../shared/db/connect.ts';
import { finishIngest } from '../../shared/task/finish.ts';
import { fetchedSourceKey } from '../../shared/task/keys.ts';
import type { Media } from '../../shared/task/media.ts';
import { forgeToken, signUp, type TestAccount } from '../../test/kit/accounts.ts';
import { logged, startProgram } from '../../test/kit/program.ts';
import { claim, clipInputs, newTask } from '../../test/kit/tasks.ts';
import { atLeast, atMost, rounded, type Measured, type Run } from '../bench.ts';
import { openGround } from '../ground.ts';
import { cpuSeconds } from '../processes.ts';
import { median, percentile, ratioOfPairs } from '../statistics.ts';
import { table } from '../table.ts';
import { startWebProcess } from '../web-process.ts';
import { load, type Answers, type Load } from './load.ts';
import { profileList } from './profile.ts';

const ROWS = 20;
const OWNERS = 20;
const CONNECTIONS = 16;
const CREATES_A_SECOND = 200;
/** What limits a client is not what is measured. */
const UNLIMITED = { REQUESTS_PER_MINUTE: '100000000', REQUESTS_AT_ONCE: '10000', TASKS_PER_OWNER: '100000000' };

interface Row {
  what: string;
  a_second: number;
  p50_ms: number;
  p99_ms: number;
  /** Processor time of the server that was asked, without the database's. */
  cpu_us: number;
  refused: number;
}

/** How fast the API answers, against Node's own server with the same bytes in the same run. */
export async function api({ t, say, quick, signal }: Run): Promise<Measured> {
  const ground = await openGround(t);
  const { db, folder } = ground;
  const web = await startWebProcess(t, UNLIMITED, ground);
  const accounts: TestAccount[] = [];
  for (let count = 0; count < OWNERS; count++) accounts.push(await signUp(web.url));
  const tokens = await Promise.all(accounts.map(({ id }) => forgeToken(web.settings, id)));
  const [account, token = ''] = [accounts[0], tokens[0]];
  await planned(db, account?.id ?? '');
  await db.raw('vacuum analyze');

  const list = { method: 'GET', path: `/tasks?max=${ROWS}`, token };
  const file = path.join(folder, 'list.json');
  await writeFile(file, await bodyOf(web.url, list));
  const raw = startProgram(t, 'bench/api/raw-server.ts', {}, [file]);
  const { url: rawUrl } = await logged(raw, /raw ready/);

  const seconds = quick ? 1 : 5;
  const usual = { connections: CONNECTIONS, seconds, signal };
  const rows: Row[] = [];
  const ask = async (what: string, pid: number, given: Load) => {
    const before = await cpuSeconds(pid);
    const answers = await load(given);
    return rowOf(what, answers, (await cpuSeconds(pid)) - before);
  };
  for (let round = 0; round < (quick ? 2 : 5); round++) {
    rows.push(await ask('raw node:http', raw.pid, { ...usual, url: String(rawUrl), request: () => list }));
    rows.push(await ask('GET /livez', web.program.pid, { ...usual, url: web.url, request: () => livez }));
    rows.push(await ask('GET /tasks', web.program.pid, { ...usual, url: web.url, request: () => list }));
  }
  const logIn = { method: 'POST', path: '/auth/login', body: { email: account?.email, password: account?.password } };
  rows.push(
    await ask('POST /auth/login', web.program.pid, { ...usual, connections: 4, url: web.url, request: () => logIn }),
  );
  for (const [what, given] of [
    [`POST /tasks, ${OWNERS} owners`, tokens],
    ['POST /tasks, one owner', [token]],
  ] as const) {
    const timed = { ...usual, seconds: 3 * seconds, connections: 100, rate: CREATES_A_SECOND };
    rows.push(await ask(what, web.program.pid, { ...timed, url: web.url, request: creating(given) }));
  }
  const medians = [...new Set(rows.map(({ what }) => what))].map((what) =>
    medianRow(rows.filter((row) => row.what === what)),
  );
  for (const line of table(medians.map((row) => ({ ...row })))) say(line);
  say('where GET /tasks spends the processor time of web:');
  const costs = await profileList(t, ground, { env: UNLIMITED, ...usual, seconds: quick ? 2 : 8, request: () => list });
  for (const line of table(costs.map((cost) => ({ ...cost })))) say(line);
  return { rows, medians, costs, verdicts: verdicts(rows) };
}

const livez = { method: 'GET', path: '/livez' };

function creating(tokens: readonly string[]) {
  let count = 0;
  return () => {
    const token = tokens[count++ % tokens.length] ?? '';
    return { method: 'POST', path: '/tasks', token, body: { url: `https://example.com/${count}.mp4` } };
  };
}

/** A page of tasks with three parts each. All are made first, or their clips would be claimed before the next ingest. */
async function planned(db: Db, owner: string): Promise<void> {
  for (let row = 0; row < ROWS; row++) await newTask(db, owner);
  for (let row = 0; row < ROWS; row++) {
    const step = await claim(db);
    const sourceKey = fetchedSourceKey(step.task, 1);
    await finishIngest(db, step, { sourceKey, media: {} as Media, clips: clipInputs(3), hasSoundStep: false });
  }
}

async function bodyOf(url: string, { path: route, token }: { path: string; token: string }): Promise<string> {
  const response = await fetch(new URL(route, url), { headers: { authorization: `Bearer ${token}` } });
  if (response.status !== 200) throw new Error(`${route} was answered ${response.status}`);
  return response.text();
}

function rowOf(what: string, { statuses, ms, a_second }: Answers, cpu: number): Row {
  const right = Object.entries(statuses).filter(([status]) => status.startsWith('2'));
  const good = right.reduce((sum, [, count]) => sum + count, 0);
  return {
    what,
    a_second: rounded(a_second),
    p50_ms: rounded(percentile(ms, 50)),
    p99_ms: rounded(percentile(ms, 99)),
    cpu_us: rounded((cpu * 1e6) / ms.length),
    refused: ms.length - good,
  };
}

function medianRow(rows: Row[]): Row {
  const of = (choose: (row: Row) => number) => rounded(median(rows.map(choose)));
  return {
    what: rows[0]?.what ?? '',
    a_second: of((row) => row.a_second),
    p50_ms: of((row) => row.p50_ms),
    p99_ms: of((row) => row.p99_ms),
    cpu_us: of((row) => row.cpu_us),
    refused: rows.reduce((sum, { refused }) => sum + refused, 0),
  };
}

function verdicts(rows: Row[]) {
  const rates = (what: string) => rows.filter((row) => row.what === what).map(({ a_second }) => a_second);
  const ratio = ratioOfPairs(rates('GET /tasks'), rates('raw node:http'));
  const creates = rows.filter(({ what }) => what.startsWith('POST /tasks'));
  return [
    atLeast('GET /tasks over raw node:http', ratio.median, 0.5),
    ...creates.map(({ what, p99_ms }) => atMost(`p99 of ${what} at ${CREATES_A_SECOND} a second`, p99_ms, 50, ' ms')),
    atMost(
      'answers other than 2xx',
      rows.reduce((sum, { refused }) => sum + refused, 0),
      0,
    ),
  ];
}
