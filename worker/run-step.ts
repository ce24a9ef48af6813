import { audit } from '../shared/audit.ts';
import type { Log } from '../shared/log.ts';
import type { FinishedStep, StepOutcome } from '../shared/metrics/metrics.ts';
import { announceLater } from '../shared/task/announce.ts';
import { failStep } from '../shared/task/fail.ts';
import { finishClip, finishIngest, finishSound, finishTask, type Finished } from '../shared/task/finish.ts';
import { finishDryRun } from '../shared/task/finish-dry-run.ts';
import { Problem } from '../shared/task/problem.ts';
import { removeUnreferenced } from '../shared/task/references.ts';
import { releaseStep } from '../shared/task/release.ts';
import type { ClaimedStep, StoredClip, StoredPart, StoredStream } from '../shared/task/task.ts';
import { makeClip } from './clip/make-clip.ts';
import { makePart } from './clip/make-part.ts';
import type { StepContext } from './context.ts';
import { estimateTask } from './estimate/estimate-task.ts';
import { joinStream } from './finish/join-stream.ts';
import { joinWhole } from './finish/join-whole.ts';
import { tidyTask } from './finish/tidy-task.ts';
import type { AbortReason } from './held.ts';
import { ingest } from './ingest/ingest.ts';
import { makeSound } from './sound/make-sound.ts';
import { inOwnFolder } from './work-folder.ts';
import { settle } from './settle.ts';

/** A step's context before it has a folder of its own. */
export interface RunContext extends Omit<StepContext, 'folder' | 'onStoring'> {
  /** Where that folder is made. */
  root: string;
}

/** Work that is done and stored, but not written down yet. */
interface Done {
  /** @param cpuSeconds what its FFmpegs took; null where none ran */
  write: (cpuSeconds: number | null) => Promise<Finished>;
  stored: string[];
}

/** What an attempt came to, whether it ended well or not. */
interface Attempt {
  cpuSeconds: number | null;
  /** Keys of files that it stored, or began to. */
  stored: string[];
}

/**
 * Does one claimed step, from its work to what is written down of it. Never throws.
 *
 * @param leaving aborts when the worker stops: then nothing is tried for long
 */
export async function runStep(step: ClaimedStep, context: RunContext, leaving: AbortSignal): Promise<void> {
  const began = Date.now();
  context.log.info('step begins');
  const outcome = await tryStep(step, context, leaving);
  context.log.info({ ms: Date.now() - began, outcome }, 'step ended');
  context.metrics.stepFinished(finishedStep(step, outcome, began));
}

async function tryStep(step: ClaimedStep, given: RunContext, leaving: AbortSignal): Promise<StepOutcome> {
  const attempt: Attempt = { cpuSeconds: null, stored: [] };
  const onSpent = (seconds: number) => (attempt.cpuSeconds = (attempt.cpuSeconds ?? 0) + seconds);
  const onStoring = (key: string) => attempt.stored.push(key);
  const context = { ...given, onStoring, tools: { ...given.tools, onSpent } };
  try {
    const done = await inOwnFolder(context.root, (folder) => doWork(step, { ...context, folder }), context.log);
    const finished = await settle(() => done.write(attempt.cpuSeconds), context.log, leaving);
    if (!finished.accepted) return await takeBack(step, done.stored, context);
    announceLater(context, { task: step.task, steps: finished.announced, trace: step.trace ?? undefined });
    return 'done';
  } catch (error) {
    return giveUp(step, error, context, { leaving, ...attempt }).catch((cause: unknown) => {
      // The lease runs out by itself and the step is done elsewhere.
      context.log.error({ err: cause }, 'could not write down that the step ended');
      return 'lost';
    });
  }
}

async function doWork(step: ClaimedStep, context: StepContext): Promise<Done> {
  const { db } = context;
  switch (step.kind) {
    case 'ingest': {
      const ingested = await ingest(step, context);
      if (step.dry_run) {
        const plan = await estimateTask(ingested, step.profile, context);
        return { write: (cpu) => finishDryRun(db, step, { ingested, plan }, cpu), stored: [ingested.sourceKey] };
      }
      return { write: (cpu) => finishIngest(db, step, ingested, cpu), stored: [ingested.sourceKey] };
    }
    case 'clip': {
      const made = step.profile.join ? await makePart(step, context) : await makeClip(step, context);
      return { write: (cpu) => finishClip(db, step, made, cpu), stored: keysOf(made) };
    }
    case 'sound': {
      const sound = await makeSound(step, context);
      return { write: (cpu) => finishSound(db, step, sound, cpu), stored: [sound.key] };
    }
    case 'finish': {
      await tidyTask(step, context);
      const whole = await join(step, context);
      return { write: (cpu) => finishTask(db, step, cpu, whole), stored: whole ? keysOf(whole) : [] };
    }
  }
}

function join(step: ClaimedStep, context: StepContext): Promise<StoredClip | StoredStream | null> {
  if (step.profile.join === 'hls') return joinStream(step, context);
  return step.profile.join === 'mp4' ? joinWhole(step, context) : Promise.resolve(null);
}

function keysOf(made: StoredClip | StoredPart | StoredStream): string[] {
  return 'files' in made ? made.files.map(({ key }) => key) : [made.key];
}

/** Refused: cancelled, or done by another meanwhile. */
async function takeBack(step: ClaimedStep, stored: string[], context: RunContext): Promise<StepOutcome> {
  context.log.info('the step was not ours any more; nothing was written');
  await removeStored(step, stored, context);
  return 'lost';
}

/** What an attempt has stored that does not count has no use, and nobody counts its bytes. */
async function removeStored({ task }: ClaimedStep, stored: string[], { db, storage, log }: RunContext): Promise<void> {
  await removeUnreferenced(db, storage, task, stored).catch((error: unknown) => {
    log.warn({ err: error, keys: stored }, 'could not remove what an attempt in vain had stored');
  });
}

async function giveUp(
  step: ClaimedStep,
  error: unknown,
  context: RunContext,
  { leaving, cpuSeconds, stored }: Attempt & { leaving: AbortSignal },
): Promise<StepOutcome> {
  const { db, log, settings, signal } = context;
  if (signal.aborted && (signal.reason as AbortReason) === 'lost') {
    log.info('aborted: the step was cancelled or given to another');
    await removeStored(step, stored, context);
    return 'lost';
  }
  if (signal.aborted) {
    const released = await settle(() => releaseStep(db, step), log, leaving);
    log.info({ released }, 'gave the step back, because the worker stops');
    if (released) announceLater(context, { task: step.task, steps: 1 });
    await removeStored(step, stored, context);
    return 'released';
  }
  const problem = Problem.from(error);
  const options = { tries: settings.STEP_TRIES, cpuSeconds };
  const failed = await settle(() => failStep(db, step, problem, options), log, leaving);
  logProblem(log, problem, failed.again);
  // Not before: only now it is certain that what was stored does not come to count.
  await removeStored(step, stored, context);
  // Beside the step: what is written of it stands, whatever becomes of the line.
  if (problem.code === 'source_refused') await auditRefusal(step, context);
  if (!failed.accepted) return 'lost';
  return failed.again ? 'again' : 'failed';
}

/** The address led to where nobody may send us: on a redirect, or when it was looked up. */
async function auditRefusal({ owner, task, request_id }: ClaimedStep, { db, log }: RunContext): Promise<void> {
  const line = { event: 'source_refused', user: owner, task, address: null, requestId: request_id } as const;
  await audit(db, line).catch((error: unknown) => log.warn({ err: error }, 'could not write a line of the audit'));
}

function finishedStep(step: ClaimedStep, outcome: StepOutcome, began: number): FinishedStep {
  const seconds = (Date.now() - began) / 1000;
  const part = step.input?.part;
  return { kind: step.kind, outcome, seconds, ...(part && { sourceSeconds: part.end - part.start }) };
}

function logProblem(log: Log, problem: Problem, again: boolean): void {
  const fields = { code: problem.code, detail: problem.detail, again, err: problem.cause };
  if (problem.code === 'internal') log.error(fields, 'step failed for a reason that nobody foresaw');
  else log.warn(fields, again ? 'step failed; it will be tried again' : 'step failed');
}
