import { killWorker, type Fault, type Run } from '../fault.ts';
import { setGate, type Moment } from '../gates.ts';
import { leaseOf, leaseUnderWay } from '../leases.ts';
import { soon } from '../soon.ts';
import { until } from '../../kit/until.ts';
import { serveHalf } from '../half-served.ts';
import { PATIENCE_MS } from '../patience.ts';

/** kill -9 of a worker, at every step of its way. */
export const workerKills: Fault[] = [
  atGate('claimed, nothing begun', 2, ['claim clip', 'claim ingest'], 'open'),
  { name: 'worker killed: source half fetched', weight: 1, kills: true, strike: halfFetched },
  { name: 'worker killed: source fetched', weight: 2, kills: true, strike: fetched },
  { name: 'worker killed: clip half encoded', weight: 2, kills: true, strike: halfEncoded },
  atGate('source stored, not written down', 1, ['finish ingest'], 'undo'),
  atGate('clip stored, not written down', 3, ['finish clip'], 'undo'),
  atGate('clips tidied, not written down', 1, ['finish finish'], 'undo'),
  atGate('written down, neither told nor acknowledged', 4, ['finish ingest', 'finish clip', 'finish finish'], 'open'),
];

/** @param then what becomes of the statement that the dead worker had sent: it comes to pass, or not */
function atGate(name: string, weight: number, moments: Moment[], then: 'open' | 'undo'): Fault {
  async function strike(run: Run) {
    const moment = moments[run.chosen.below(moments.length)] ?? 'claim clip';
    const gate = await setGate(run.fleet.db, run.fleet.postgres.url, moment);
    await run.stream.send(soon(run, 'tiny'));
    const held = await gate.reached();
    const at = await killWorker(run, held.pid).catch(async (error: unknown) => {
      await gate.open();
      throw error;
    });
    await (then === 'open' ? gate.open() : gate.undo(held));
    const isWritten = then === 'open' && moment.startsWith('finish');
    return { at, ...(!isWritten && { lost: held }) };
  }
  return { name: `worker killed: ${name}`, weight, kills: true, strike };
}

async function halfFetched(run: Run) {
  const { fleet, stream } = run;
  const submission = soon(run, 'tiny');
  const served = await serveHalf(fleet, submission);
  try {
    const task = await stream.send({ ...submission, by: 'url', url: served.url });
    await served.half;
    const lease = await leaseOf(fleet.db, task, 'ingest');
    return { at: await killWorker(run, lease.pid), lost: lease };
  } finally {
    served.rest();
  }
}

async function fetched(run: Run) {
  const { workers, db } = run.fleet;
  await run.stream.send({ ...soon(run, 'tiny'), by: 'url' });
  let forget = () => {};
  const heard = new Promise<{ pid: number; task: string }>((resolve) => {
    const ends = workers.map((worker) =>
      worker.hear((line) => {
        if (line.msg === 'source fetched') resolve({ pid: worker.pid, task: String(line.task_id) });
      }),
    );
    forget = () => ends.forEach((end) => end());
  });
  const { pid, task } = await heard.finally(() => forget());
  const at = await killWorker(run, pid);
  // Its step is held for as long as the lease lasts.
  return { at, lost: await leaseOf(db, task, 'ingest') };
}

async function halfEncoded(run: Run) {
  const { fleet, stream } = run;
  // Of its own, so that there is one that takes long enough.
  const sending = stream.send(soon(run, 'long'));
  sending.catch(() => {});
  const lease = await until(() => leaseUnderWay(fleet, 'clip', 0.15), {
    what: 'a clip is half encoded',
    timeout: PATIENCE_MS,
  });
  const at = await killWorker(run, lease.pid);
  await sending;
  return { at, lost: lease };
}
