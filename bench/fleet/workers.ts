import { setTimeout as wait } from 'node:timers/promises';
import { connect } from '../../shared/db/connect.ts';
import { createLog } from '../../shared/log.ts';
import { postgresQueue } from '../../shared/queue/postgres.ts';
import { announceLater } from '../../shared/task/announce.ts';
import { claimStep } from '../../shared/task/claim.ts';
import { finishClip, finishTask } from '../../shared/task/finish.ts';
import type { ClaimedStep } from '../../shared/task/task.ts';
import { clipOf } from '../../test/kit/tasks.ts';
import { holdLeases } from '../../worker/held.ts';
import { encodeMs } from './timing.ts';

// A process of simulated workers of one slot each: real queue, leases and statements, and a wait in place of FFmpeg.
const [first = '0', count = '1'] = process.argv.slice(2);
const address = process.env.DATABASE_URL ?? '';
const LEASE_SECONDS = 20;

const workers = Array.from({ length: Number(count) }, (_, index) => startWorker(`worker-${Number(first) + index}`));
await Promise.all(workers);
process.stdout.write(`${JSON.stringify({ msg: 'workers ready' })}\n`);

async function startWorker(name: string): Promise<void> {
  const log = createLog('error', name);
  // As many as a real one may have, the one that listens included.
  const db = connect(address, { name, max: 2 });
  const queue = postgresQueue(db, address, log);
  const leases = holdLeases(db, LEASE_SECONDS, log);

  async function work(step: ClaimedStep): Promise<void> {
    const held = leases.hold(step);
    await wait(encodeMs(step.part));
    held.letGo();
    const finished = step.kind === 'finish' ? await finishTask(db, step) : await finishClip(db, step, clipOf(step));
    announceLater({ db, queue, log }, { task: step.task, steps: finished.announced });
  }

  await queue.subscribe(1, async () => {
    const step = await claimStep(db, name, LEASE_SECONDS);
    return step && (() => work(step));
  });
  // A worker that has begun to listen has looked too, and has its connections.
  await db.raw('select 1');
}
