import type { Guards } from './guards.ts';
import { ofSweep } from './moves-of-sweep.ts';
import { ofWorker } from './moves-of-worker.ts';
import { copyOf, holds, isFinal, type Budget, type Model, type Step } from './state.ts';
import { ring, wait } from './writes.ts';

/** Something that may happen. `fault` marks what nobody can count on: progress has to be possible without it. */
export interface Move {
  name: string;
  fault: boolean;
  to: Model;
}

/** Everything that may happen next. */
export function movesFrom(model: Model, guards: Guards): Move[] {
  const moves: Move[] = [];
  const move = (name: string, change: (to: Model) => void, spend?: keyof Budget, fault = spend !== undefined) => {
    if (spend && model.left[spend] === 0) return;
    const to = copyOf(model);
    if (spend) to.left[spend]--;
    change(to);
    if (isFinal(model.task) && to.task !== model.task) to.broken ??= 'a final task changed';
    moves.push({ name, fault, to });
  };
  ofWeb(model, guards, move);
  ofSweep(model, guards, move);
  for (const index of model.workers.keys()) ofWorker(model, index, guards, move);
  for (const index of model.steps.keys()) ofLease(model, index, move);
  if (model.bells > 0) move('a bell is lost', (to) => void to.bells--, 'lostBells');
  if (model.bells > 0) move('a bell rings twice', ring, 'repeatedBells');
  return moves;
}

export type Offer = (name: string, change: (to: Model) => void, spend?: keyof Budget, fault?: boolean) => void;

function ofWeb(model: Model, guards: Guards, move: Offer): void {
  if (model.task === 'none') {
    move('POST commits', (to) => {
      to.task = 'pending';
      to.ringing = true;
      wait(to.steps[0] as Step);
    });
    return;
  }
  if (model.ringing) {
    const rung = (to: Model) => void (to.ringing = false);
    move('web rings', (to) => (rung(to), ring(to)));
    move('web is killed before it rings', rung, 'kills');
    move(
      'the broker does not take the bell',
      (to) => {
        rung(to);
        for (const step of to.steps) step.unheard ||= step.state === 'waiting';
      },
      'lostBells',
    );
  }
  if (model.deleting) move('DELETE commits', (to) => cancel(to, to.deleting ?? []));
  else if (!isFinal(model.task)) {
    const seen = [...model.steps.keys()].filter((index) => isOpen(model.steps[index] as Step));
    if (guards.cancelLooksAgain) move('DELETE', (to) => cancel(to, seen), 'deletes');
    else move('DELETE begins', (to) => void (to.deleting = seen), 'deletes');
  }
}

function isOpen({ state }: Step): boolean {
  return state === 'waiting' || state === 'leased';
}

function cancel(to: Model, seen: number[]): void {
  to.deleting = null;
  if (isFinal(to.task)) return;
  to.task = 'cancelled';
  for (const step of seen.map((index) => to.steps[index] as Step)) {
    if (isOpen(step)) Object.assign(step, { state: 'cancelled', worker: -1, expired: false });
  }
}

function ofLease(model: Model, index: number, move: Offer): void {
  const step = model.steps[index] as Step;
  if (step.state !== 'leased' || step.expired) return;
  const isHeld = model.workers.some((worker, at) => worker.step === index && worker.at !== 'idle' && holds(model, at));
  const expire = (to: Model) => void ((to.steps[index] as Step).expired = true);
  if (isHeld) move('a worker is stopped or cut off for longer than its lease', expire, 'expiries');
  else move('the lease of a dead worker runs out', expire);
}
