import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { finishClip } from '../shared/task/finish.ts';
import { forgeToken } from '../test/kit/accounts.ts';
import { follow, type Following } from '../test/kit/events.ts';
import { claim, clipOf, newOwner, plannedTask } from '../test/kit/tasks.ts';
import type { Cleanup } from '../test/kit/undo.ts';
import { until } from '../test/kit/until.ts';
import type { Measured, Run } from './bench.ts';
import { percentile } from './statistics.ts';
import { table } from './table.ts';
import { startWebProcess, type WebProcess } from './web-process.ts';

const OWNERS = 8;
const CLIENTS_OF_OWNER = 25;
const SECONDS = 30;
/** Between two changes: each of 8 owners sees one about every second, as from workers that make short clips. */
const EVERY_MS = 125;
/** More than there is time for: no task ends, so that all changes are alike. */
const PARTS = 360;

/** @property began when each part's end was sent to the database, ms on the clock of `performance` */
interface Owner {
  id: string;
  task: string;
  clients: Following[];
  began: number[];
}

/**
 * 200 clients that follow their lists at one web process while clips are finished: what they cost in memory, and how
 * long it takes from a change to each client's event. A change counts from when its statement is sent, and clients and
 * database share the machine, so the times are an upper bound.
 */
export async function events({ t, say, quick }: Run): Promise<Measured> {
  const web = await startWebProcess(t);
  const owners: Owner[] = [];
  for (let count = 0; count < OWNERS; count++) owners.push(await newTaskOf(web));
  const alone = await settled(web);
  for (const owner of owners) await connect(t, web, owner);
  const connected = await settled(web);
  const most = await finishClips(web, owners, quick ? 5 : SECONDS);
  const isSeen = () => owners.every(({ clients, began }) => clients.every((one) => partsDone(one) === began.length));
  await until(isSeen, { what: 'every client has seen the last change', timeout: 20_000 });
  return report({ alone, connected, most }, owners, say);
}

async function newTaskOf({ db }: WebProcess): Promise<Owner> {
  const id = await newOwner(db);
  const task = await plannedTask(db, id, PARTS);
  await db.raw('update tasks set media = null');
  return { id, task, clients: [], began: [] };
}

async function connect(t: Cleanup, web: WebProcess, owner: Owner): Promise<void> {
  const token = await forgeToken(web.settings, owner.id);
  const follows = Array.from({ length: CLIENTS_OF_OWNER }, () => follow(t, `${web.url}/events`, token));
  owner.clients = await Promise.all(follows);
  const isReady = (one: Following) => one.next(({ event }) => event === 'ready', 'the stream is ready');
  await Promise.all(owner.clients.map(isReady));
}

/** Memory once nothing happens any more, MB. */
async function settled(web: WebProcess): Promise<number> {
  await pause(2_000);
  return web.megabytes();
}

/** Finishes clips, now of this owner, now of that one. Answers the most memory seen meanwhile, MB. */
async function finishClips(web: WebProcess, owners: Owner[], seconds: number): Promise<number> {
  let most = 0;
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const step = await claim(web.db);
    const owner = owners.find(({ task }) => task === step.task);
    owner?.began.push(performance.now());
    await finishClip(web.db, step, clipOf(step));
    most = Math.max(most, await web.megabytes());
    await pause(EVERY_MS);
  }
  return most;
}

function partsDone({ events: seen }: Following): number {
  return Number(seen.findLast(({ event }) => event === 'task')?.data.parts_done ?? 0);
}

/** How long each change took to one client; changes that came together are told together. Milliseconds. */
function delays(client: Following, began: number[]): number[] {
  return began.map((at, index) => {
    const event = client.events.find(({ data }) => Number(data.parts_done) > index);
    return event ? event.at - at : NaN;
  });
}

function report(
  { alone, connected, most }: { alone: number; connected: number; most: number },
  owners: Owner[],
  say: (text: string) => void,
): Measured {
  const all = owners.flatMap(({ clients, began }) => clients.flatMap((client) => delays(client, began)));
  const changes = owners.reduce((sum, { began }) => sum + began.length, 0);
  const [load = NaN] = os.loadavg();
  const result = {
    clients: OWNERS * CLIENTS_OF_OWNER,
    changes,
    told: all.length,
    missed: all.filter(Number.isNaN).length,
    ms_p50: Math.round(percentile(all, 50)),
    ms_p95: Math.round(percentile(all, 95)),
    ms_worst: Math.round(percentile(all, 100)),
    over_1_s: all.filter((delay) => delay > 1000).length,
    mb_alone: Math.round(alone),
    mb_connected: Math.round(connected),
    mb_most: Math.round(most),
    load: Number(load.toFixed(1)),
  };
  say(`${result.clients} clients of ${OWNERS} owners at one web process; a clip finished every ${EVERY_MS} ms or so`);
  for (const line of table([result])) say(line);
  return { ...result };
}
