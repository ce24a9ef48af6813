import type { Guards } from './guards.ts';
import { holds, isFinal, isPart, TRIES, type Model, type Step, type Worker } from './state.ts';

const MOST_BELLS = 2;

/** What a worker's or the sweep's writes do to the rows. They change the model given. */

/** @returns whether the write was accepted */
export function finished(model: Model, index: number, guards: Guards): boolean {
  const worker = model.workers[index] as Worker;
  const step = model.steps[worker.step] as Step;
  const mine = holds(model, index);
  const isOpen = !isFinal(model.task) && step.state === 'leased';
  if (guards.fenceFinish ? !mine || isFinal(model.task) : !isOpen) return false;
  if (!mine) model.broken ??= 'a stale attempt was published';
  Object.assign(step, { state: 'done', worker: -1, expired: false });
  step.published = worker.attempt;
  follow(model, step, worker);
  return true;
}

function follow(model: Model, step: Step, worker: Worker): void {
  switch (step.kind) {
    case 'ingest':
      for (const part of model.steps.filter(isPart)) appear(model, part);
      return;
    case 'clip':
    case 'sound':
      model.partsLeft = (worker.at === 'counted' ? worker.read : model.partsLeft) - 1;
      endOrFinish(model);
      return;
    case 'finish':
      model.task = 'succeeded';
  }
}

/** The last part makes the finish step, or ends a task of which another part has failed. */
function endOrFinish(model: Model): void {
  if (model.partsLeft > 0) return;
  const hasFailed = model.steps.some(({ state }) => state === 'failed');
  if (hasFailed) model.task = 'failed';
  else appear(model, model.steps.at(-1) as Step);
}

function appear(model: Model, step: Step): void {
  if (step.state !== 'absent') model.broken ??= 'a step was made twice';
  step.state = 'waiting';
  ring(model);
}

/** @param again whether it may be tried again, as far as tries allow */
export function failed(model: Model, step: Step, again: boolean): void {
  const waits = again && step.tries < TRIES;
  Object.assign(step, { state: waits ? 'waiting' : 'failed', worker: -1, expired: false, unheard: waits });
  if (waits) return;
  if (!isPart(step)) model.task = 'failed';
  else {
    model.partsLeft--;
    endOrFinish(model);
  }
}

/** A refused attempt removes what it stored, unless the row names it: the write may have been accepted after all. */
export function takenBack(model: Model, index: number, guards: Guards): void {
  const { step: on, attempt } = model.workers[index] as Worker;
  const step = model.steps[on] as Step;
  if (guards.askTheRow && step.published === attempt) return;
  step.stored = step.stored.filter((stored) => stored !== attempt);
}

/** One bell for everybody who listens. There are never more than matter. */
export function ring(to: Model): void {
  to.bells = Math.min(MOST_BELLS, to.bells + 1);
}

export function wait(step: Step): void {
  Object.assign(step, { state: 'waiting', worker: -1, expired: false });
}
