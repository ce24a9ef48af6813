import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { rows, type Db } from '../../shared/db/connect.ts';
import { findPostmaster } from '../../shared/db/embedded/postmaster.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { anb, idrl, probe } from '../../test/kit/videos-clip.ts';
import { serveVideos, type VideoServer } from '../../test/kit/video-server.ts';
import { until } from '../../test/kit/until.ts';
import { planClips } from '../../worker/ingest/timeline.ts';
import { atMost, rounded, type Measured, type Run, type Verdict } from '../bench.ts';
import { openGround } from '../ground.ts';
import { endedChildrenCpu } from '../processes.ts';
import { startServiceProcesses, type ServiceProcesses } from '../service.ts';
import { median, ratioOfPairs } from '../statistics.ts';
import { table } from '../table.ts';
import { figuresOf } from './model.ts';
import { runBareScript } from './bare-script.ts';
import { movingSource } from './sources.ts';
import { spentBy, treeCpu, type Spent } from './spent.ts';

const CASES = [
  { profile: idrl, seconds: 45, pairs: 5 },
  { profile: anb, seconds: 45, pairs: 5 },
  { profile: idrl, seconds: 120, pairs: 3 },
  { profile: anb, seconds: 120, pairs: 3 },
  { profile: idrl, seconds: 600, pairs: 1 },
  { profile: anb, seconds: 600, pairs: 1 },
];
const QUICK = [
  { profile: idrl, seconds: 45, pairs: 1 },
  { profile: anb, seconds: 45, pairs: 1 },
];
const SLOTS = 2;

interface Pairs {
  profile: string;
  seconds: number;
  service: Spent[];
  bare: Spent[];
}

/** A task through the service against the best script for the same clips: wall, processor, memory. */
export async function pipeline({ t, say, quick, signal }: Run): Promise<Measured> {
  const ground = await openGround(t);
  const videos = await serveVideos(t);
  const env = { WORKER_SLOTS: String(SLOTS), SOURCE_ALLOW: videos.allow };
  const service = await startServiceProcesses(t, ground, env);
  const postgres = await findPostmaster(path.join(ground.folder, 'postgres/cluster/data'));
  const pids = [service.web.program.pid, service.worker.pid, postgres?.pid ?? 0];
  const results: Pairs[] = [];
  for (const { profile, seconds, pairs } of quick ? QUICK : CASES) {
    const source = await movingSource(seconds);
    const result: Pairs = { profile: profile.name, seconds, service: [], bare: [] };
    results.push(result);
    for (let pair = 0; pair < pairs && !signal.aborted; pair++) {
      say(`${profile.name}, ${seconds} s: pair ${pair + 1} of ${pairs}`);
      const byService = async () => result.service.push(await throughService(service, pids, videos, source, profile));
      const byScript = async () => result.bare.push(await throughScript(ground.folder, source, profile));
      // Now this one first, now that.
      for (const one of pair % 2 === 0 ? [byService, byScript] : [byScript, byService]) await one();
    }
  }
  for (const line of table(results.map(rowOf))) say(line);
  const figures = Object.fromEntries(
    [idrl, anb].map((profile) => [
      profile.name,
      figuresOf(
        profile,
        results.filter((one) => one.profile === profile.name),
      ),
    ]),
  );
  say(`for docs/figures.json: ${JSON.stringify(figures)}`);
  return { slots: SLOTS, results, figures, verdicts: results.flatMap(verdicts) };
}

async function throughService(
  { client, web }: ServiceProcesses,
  pids: readonly number[],
  videos: VideoServer,
  source: string,
  profile: Profile,
): Promise<Spent> {
  const work = async () => {
    const { task_id } = await client.submit(videos.urlOf(source), { profile: profile.name });
    // Asked of the database: asking the API again and again would cost web more than all the rest.
    const status = await until(() => finalStatus(web.db, task_id), { ...LONG, what: 'the task has ended' });
    if (status !== 'succeeded') throw new Error(`the task has ${status}`);
  };
  return spentBy(
    work,
    () => pids,
    () => treeCpu(pids),
  );
}

const LONG = { timeout: 1_800_000, every: 50 };

async function finalStatus(db: Db, id: string): Promise<string | undefined> {
  const sql = `select status from tasks where id = :id and finished_at is not null`;
  return (await rows<{ status: string }>(db, sql, { id }))[0]?.status;
}

async function throughScript(ground: string, source: string, profile: Profile): Promise<Spent> {
  const { media, pictures } = await probe(source);
  const folder = path.join(ground, 'bare');
  await mkdir(folder);
  const pids: number[] = [];
  const plan = planClips(pictures, media, profile);
  const work = () => runBareScript({ source, plan, media, profile, folder, started: (pid) => pids.push(pid) });
  try {
    return await spentBy(work, () => pids.slice(-SLOTS), endedChildrenCpu);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function rowOf({ profile, seconds, service, bare }: Pairs): Record<string, string | number> {
  const row: Record<string, string | number> = { profile, seconds };
  for (const figure of ['wall', 'cpu', 'mb', 'tools_mb'] as const) {
    const [ones, others] = [service.map((one) => one[figure]), bare.map((one) => one[figure])];
    const ratio = ratioOfPairs(ones, others);
    row[figure] = `${rounded(median(ones))} / ${rounded(median(others))}`;
    row[`${figure} ratio`] = `${ratio.median.toFixed(3)} (${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)})`;
  }
  return row;
}

function verdicts({ profile, seconds, service, bare }: Pairs): Verdict[] {
  const ratio = (figure: keyof Spent) =>
    ratioOfPairs(
      service.map((one) => one[figure]),
      bare.map((one) => one[figure]),
    ).median;
  return [
    atMost(`${profile}, ${seconds} s: wall over the script's`, ratio('wall'), 1.05),
    atMost(`${profile}, ${seconds} s: processor time over the script's`, ratio('cpu'), 1.05),
    atMost(`${profile}, ${seconds} s: memory over the script's`, ratio('mb'), 1.1),
    atMost(`${profile}, ${seconds} s: memory of FFmpeg over the script's`, ratio('tools_mb'), 1.1),
  ];
}
