import type { Guards } from './guards.ts';
import type { Offer } from './moves.ts';
import { holds, isPart, TRIES, type Model, type Step, type Worker } from './state.ts';
import { failed, finished, ring, takenBack, wait } from './writes.ts';

/** What a worker may do, and what may be done to it. */
export function ofWorker(model: Model, index: number, guards: Guards, move: Offer): void {
  const worker = model.workers[index] as Worker;
  const me = (to: Model) => to.workers[index] as Worker;
  const say = (what: string) => `worker ${index + 1} ${what}`;
  const rest = (to: Model) => void Object.assign(me(to), { at: 'idle', step: 0, attempt: 0, read: 0 });

  if (worker.at === 'off') {
    if (model.bells > 0) move(say('is started for the backlog'), rest);
    return;
  }
  if (worker.at === 'idle') {
    move(say('is scaled in'), (to) => void (me(to).at = 'off'), 'scaleIns');
    ofIdle(model, index, guards, move);
    return;
  }
  move(say('is killed'), rest, 'kills');
  if (worker.at === 'chosen') {
    move(say('takes the step it chose'), (to) => take(to, index, worker.step));
    return;
  }
  if (worker.at === 'unanswered') {
    move(say('writes again, is refused and clears up'), (to) => (takenBack(to, index, guards), rest(to)));
    return;
  }
  const mine = holds(model, index);
  const step = model.steps[worker.step] as Step;
  if (!mine && !(step.state === 'leased' && !guards.fenceRenew)) move(say('is not renewed and gives up'), rest);
  if (step.expired && (mine || !guards.fenceRenew)) {
    move(say('renews'), (to) => {
      (to.steps[worker.step] as Step).expired = false;
      if (!mine) to.broken ??= "a worker renewed another's lease";
    });
  }
  ofWork(model, index, guards, move, rest);
}

function ofIdle(model: Model, index: number, guards: Guards, move: Offer): void {
  const waiting = [...model.steps.keys()].filter((at) => (model.steps[at] as Step).state === 'waiting');
  for (const at of waiting) {
    move(`worker ${index + 1} takes a ${(model.steps[at] as Step).kind} step`, (to) => {
      // Heard or looked for: a bell that rang is used up either way.
      to.bells = Math.max(0, to.bells - 1);
      if (guards.claimInOneStatement) take(to, index, at);
      else Object.assign(to.workers[index] as Worker, { at: 'chosen', step: at });
    });
  }
  if (waiting.length === 0 && model.bells > 0) move('a bell finds nothing to do', (to) => void to.bells--);
}

function take(to: Model, index: number, at: number): void {
  const step = to.steps[at] as Step;
  if (step.state !== 'waiting') to.broken ??= 'a step was taken that did not wait';
  Object.assign(step, {
    state: 'leased',
    worker: index,
    expired: false,
    attempt: step.attempt + 1,
    tries: step.tries + 1,
  });
  Object.assign(to.workers[index] as Worker, { at: 'working', step: at, attempt: step.attempt });
  if (to.task === 'pending') to.task = 'running';
  if (step.attempt > TRIES + to.released) to.broken ??= 'a step is tried without end';
}

function ofWork(model: Model, index: number, guards: Guards, move: Offer, rest: (to: Model) => void): void {
  const { at, step: on, attempt } = model.workers[index] as Worker;
  const say = (what: string) => `worker ${index + 1} ${what}`;
  const mine = holds(model, index);
  const current = (to: Model) => to.steps[on] as Step;
  const me = (to: Model) => to.workers[index] as Worker;
  if (at === 'working') {
    move(say('stores'), (to) => {
      me(to).at = 'stored';
      current(to).stored = guards.attemptInKey ? [...current(to).stored, attempt] : [attempt];
    });
    if (mine || !guards.fenceFail) {
      move(
        say('fails'),
        (to) => {
          if (!mine) to.broken ??= "a worker failed another's step";
          failed(to, current(to), true);
          rest(to);
        },
        'failures',
      );
    }
  }
  if (mine || !guards.fenceRelease) {
    move(
      say('stops and gives its step back'),
      (to) => {
        if (!mine) to.broken ??= "a worker gave back another's step";
        wait(current(to));
        current(to).tries--;
        to.released++;
        ring(to);
        rest(to);
      },
      'stops',
    );
  }
  if (at === 'stored' && isPart(current(model)) && !guards.countInTheRow && mine) {
    move(say('reads how many parts are left'), (to) => Object.assign(me(to), { at: 'counted', read: to.partsLeft }));
    return;
  }
  if (at !== 'stored' && at !== 'counted') return;
  move(say('writes that it is done'), (to) => {
    if (!finished(to, index, guards)) takenBack(to, index, guards);
    rest(to);
  });
  move(
    say('writes, and the answer is lost'),
    (to) => {
      finished(to, index, guards);
      me(to).at = 'unanswered';
    },
    'lostAnswers',
  );
}
