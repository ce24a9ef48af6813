import os from 'node:os';
import path from 'node:path';
import type { Parts } from '../shared/parts.ts';
import { processName } from '../shared/process.ts';
import type { Running } from '../shared/lifecycle.ts';
import { keepSweeping } from '../shared/task/keep-sweeping.ts';
import { childLog, traceField } from '../shared/log.ts';
import type { Work } from '../shared/queue/queue.ts';
import type { Slot } from '../shared/queue/slots.ts';
import { claimStep } from '../shared/task/claim.ts';
import type { ClaimedStep } from '../shared/task/task.ts';
import { sourceCache, type SourceCache } from './clip/source-cache.ts';
import { findTools, reportLayers, requireLayers, type LayerReport, type Tools } from './ffmpeg/tools.ts';
import { holdLeases, type HeldLeases } from './held.ts';
import { keepPresent, recentWork } from './presence.ts';
import { runStep } from './run-step.ts';
import { watchSlots, type SlotWatch } from './threads.ts';
import { openWorkFolder } from './work-folder.ts';

/** Everything a worker has open. */
interface Worker extends Parts {
  name: string;
  tools: Tools;
  folder: string;
  sources: SourceCache;
  leases: HeldLeases;
  slots: SlotWatch;
  leaving: AbortSignal;
}

/**
 * Starts claiming steps. `stop` takes no new step, kills running FFmpegs and gives their steps back.
 * @param found FFmpeg, where it has been found before: looking for it starts it four times
 */
export async function startWorker(
  parts: Parts,
  found?: Tools,
): Promise<Running & { name: string; layers: LayerReport }> {
  const { settings, db, queue, storage, log } = parts;
  const tools = found ?? (await findTools(settings));
  const layers = reportLayers(tools);
  if (settings.FFMPEG_LAYERS === 'required') requireLayers(layers);
  const folder = await openWorkFolder(settings.WORK_DIR);
  const leaving = new AbortController();
  const leases = holdLeases(db, settings.LEASE_SECONDS, log);
  const recent = recentWork(parts.metrics);
  const worker: Worker = {
    ...parts,
    metrics: recent.metrics,
    name: processName(),
    tools,
    folder: folder.path,
    sources: sourceCache(path.join(folder.path, 'sources'), settings.SOURCE_CACHE_BYTES, storage, log),
    leases,
    slots: watchSlots(os.availableParallelism(), (busy) => parts.metrics.slotsBusy(busy, settings.WORKER_SLOTS)),
    leaving: leaving.signal,
  };
  const subscription = await queue.subscribe(settings.WORKER_SLOTS, () => {
    const claim = claimWork(worker);
    worker.slots.asking(claim);
    return claim;
  });
  const sweeping = keepSweeping(parts, leaving.signal, { tidy: () => worker.sources.dropRemoved() });
  const presence = keepPresent(parts, { name: worker.name, slots: settings.WORKER_SLOTS }, recent.read);
  parts.metrics.slotsBusy(0, settings.WORKER_SLOTS);
  if (layers.missing.length > 0) log.warn({ layers }, 'FFmpeg runs with fewer layers round it');
  log.info({ worker: worker.name, slots: settings.WORKER_SLOTS, ffmpeg: tools.ffmpeg }, 'worker ready');

  return {
    name: worker.name,
    layers,
    async stop() {
      leaving.abort();
      leases.abortAll('stopping');
      await subscription.close();
      await sweeping;
      leases.stop();
      await presence.stop();
      await folder.remove();
    },
  };
}

/** One bell: the step to do, or null when nothing is ready. */
async function claimWork(worker: Worker): Promise<Work | null> {
  if (worker.leaving.aborted) return null;
  const step = await claimStep(worker.db, worker.name, worker.settings.LEASE_SECONDS);
  return step && ((slot) => workOn(step, worker, slot));
}

async function workOn(step: ClaimedStep, worker: Worker, given: Slot): Promise<void> {
  const { db, queue, storage, metrics, settings, tools, sources, leases, slots, leaving } = worker;
  const log = childLog(worker.log, {
    task_id: step.task,
    request_id: step.request_id,
    ...traceField(settings, step.trace),
    step: step.kind === 'clip' ? `clip ${step.part}` : step.kind,
    attempt: step.attempt,
  });
  const held = leases.hold(step);
  // Told to stop while the claim was under way.
  if (leaving.aborted) held.abort('stopping');
  const slot = slots.enter(given);
  const context = { db, queue, storage, metrics, settings, tools, sources, log, root: worker.folder };
  const { signal, progress } = held;
  const ofSlot = {
    threads: slots.threads,
    leaveSlot: slot.leave,
    withoutSlot: <T>(waiting: () => Promise<T>) => slot.without(waiting, signal),
  };
  try {
    await runStep(step, { ...context, ...ofSlot, signal, progress }, leaving);
  } finally {
    held.letGo();
    slot.end();
  }
}
