import { readFile } from 'node:fs/promises';
import { rows } from '../shared/db/connect.ts';
import { emulatorPath, startEmulator } from '../test/kit/emulator.ts';
import { openCleanup } from '../test/kit/undo.ts';
import { until } from '../test/kit/until.ts';
import { sample } from '../test/kit/videos.ts';
import { atMost, rounded, type Measured, type Run, type Verdict } from './bench.ts';
import { firstPictureMs } from './first-picture.ts';
import { openGround } from './ground.ts';
import { startServiceProcesses, type ServiceProcesses } from './service.ts';
import { percentile } from './statistics.ts';
import { table } from './table.ts';

/** Milliseconds from the first byte of the request; the phases follow each other. */
interface Timed {
  /** Uploaded, and the task written. */
  created: number;
  /** From there until an idle worker has the first step: bell and claim. */
  bell: number;
  /** Probe, scan and plan. */
  ingest: number;
  /** Until the first clip step is claimed. */
  second_bell: number;
  /** FFmpeg's start to its first picture, by itself. */
  picture: number;
  first_step: number;
  first_frame: number;
}

const PHASES = ['created', 'bell', 'ingest', 'second_bell', 'picture', 'first_step', 'first_frame'] as const;

/** From the upload of 5 MB to the first picture encoded by an idle worker, on either queue. */
export async function latency(run: Run): Promise<Measured> {
  const file = await fiveMegabytes();
  const results: Record<string, Timed[]> = { postgres: await measure(run, file, 'postgres') };
  if (emulatorPath) results.pubsub = await measure(run, file, 'pubsub');
  else run.say('the Pub/Sub emulator is not installed: the other queue is not measured');
  const shown = Object.entries(results).flatMap(([queue, all]) => [summary(queue, all, 50), summary(queue, all, 95)]);
  for (const line of table(shown)) run.say(line);
  return { unit: 'ms', results, verdicts: Object.entries(results).flatMap(([queue, all]) => verdicts(queue, all)) };
}

function fiveMegabytes(): Promise<string> {
  const rate = ['-b:v', '1600k', '-minrate', '1600k', '-maxrate', '1600k', '-bufsize', '1600k'];
  return sample({ seconds: 25, width: 1280, height: 720, filters: 'noise=alls=12:allf=t', options: rate });
}

async function measure({ say, quick, signal }: Run, file: string, queue: string): Promise<Timed[]> {
  const t = openCleanup();
  try {
    const env = queue === 'pubsub' ? await pubSub(t) : {};
    const ground = await openGround(t);
    const service = await startServiceProcesses(t, ground, env);
    const picture = await firstPictureMs(file);
    const bytes = await readFile(file);
    const timed: Timed[] = [];
    const rounds = quick ? 5 : 40;
    for (let round = 0; round <= rounds && !signal.aborted; round++) {
      const one = await once(service, bytes, picture);
      // The first one pays for compiling and opening connections.
      if (round > 0) timed.push(one);
      if (round % 10 === 0) say(`${queue}: ${round} of ${rounds}`);
    }
    return timed;
  } finally {
    await t.end();
  }
}

async function pubSub(t: ReturnType<typeof openCleanup>): Promise<Record<string, string>> {
  const { host, project, topic, subscription } = await startEmulator(t);
  return {
    ...{ QUEUE: 'pubsub', GOOGLE_CLOUD_PROJECT: project, PUBSUB_TOPIC: topic, PUBSUB_SUBSCRIPTION: subscription },
    ...{ PUBSUB_EMULATOR_HOST: host, METADATA_SERVER_DETECTION: 'none' },
  };
}

async function once({ web, client }: ServiceProcesses, bytes: Buffer, picture: number): Promise<Timed> {
  const form = new FormData();
  form.set('video', new Blob([bytes]), 'video.mp4');
  const began = Date.now();
  const headers = { authorization: `Bearer ${client.token}` };
  const response = await fetch(new URL('/tasks', web.url), { method: 'POST', headers, body: form });
  if (response.status !== 201) throw new Error(`POST /tasks was answered ${response.status}: ${await response.text()}`);
  const { task_id } = (await response.json()) as { task_id: string };
  const times = await until(() => readTimes(web.db, task_id), { what: 'a clip is begun', timeout: 30_000, every: 30 });
  await client.ask('DELETE', `/tasks/${task_id}`);
  await until(() => isIdle(web.db), { what: 'the worker is idle', timeout: 30_000 });
  return {
    created: times.created - began,
    bell: times.claimed - times.created,
    ingest: times.planned - times.claimed,
    second_bell: times.clip - times.planned,
    picture,
    first_step: times.claimed - began,
    first_frame: times.clip - began + picture,
  };
}

type Times = Record<'created' | 'claimed' | 'planned' | 'clip', number>;

/** By the database's clock, which is this machine's. */
async function readTimes(db: ServiceProcesses['web']['db'], task: string): Promise<Times | undefined> {
  const ms = (column: string) => `cast(1000 * extract(epoch from ${column}) as float8)`;
  const [found] = await rows<Times>(
    db,
    `select ${ms('tasks.created_at')} as created, ${ms('ingest.started_at')} as claimed,
            ${ms('ingest.finished_at')} as planned, ${ms('min(clip.started_at)')} as clip
     from tasks join steps as ingest on ingest.task_id = tasks.id and ingest.kind = 'ingest'
       join steps as clip on clip.task_id = tasks.id and clip.kind = 'clip' and clip.started_at is not null
     where tasks.id = :task group by tasks.created_at, ingest.started_at, ingest.finished_at`,
    { task },
  );
  return found;
}

/** The aborted clip's FFmpeg is gone and its slot is free: leases are let go within a second. */
async function isIdle(db: ServiceProcesses['web']['db']): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return (await rows(db, `select 1 from steps where state = 'leased'`)).length === 0;
}

function summary(queue: string, all: Timed[], percent: number): Record<string, string | number> {
  const of = (phase: (typeof PHASES)[number]) =>
    rounded(
      percentile(
        all.map((one) => one[phase]),
        percent,
      ),
    );
  return { queue, of: `p${percent}`, ...Object.fromEntries(PHASES.map((phase) => [phase, of(phase)])) };
}

function verdicts(queue: string, all: Timed[]): Verdict[] {
  const most = queue === 'postgres' ? 150 : 300;
  const p95 = (phase: 'first_step' | 'first_frame') =>
    percentile(
      all.map((one) => one[phase]),
      95,
    );
  return [
    atMost(`submit → first step, ${queue}, p95`, p95('first_step'), most, ' ms'),
    atMost(`submit → first frame, ${queue}, p95`, p95('first_frame'), most, ' ms'),
  ];
}
