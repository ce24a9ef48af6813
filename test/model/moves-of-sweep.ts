import type { Guards } from './guards.ts';
import type { Offer } from './moves.ts';
import { TRIES, type Model, type Step } from './state.ts';
import { failed, ring, wait } from './writes.ts';

/** What a sweep may do, at any moment and in any process. */
export function ofSweep(model: Model, guards: Guards, move: Offer): void {
  const { sweeping } = model;
  if (sweeping) {
    move('the sweep fails what lost its worker too often', (to) => {
      const step = to.steps[sweeping.step] as Step;
      to.sweeping = null;
      if (guards.expiredStill && !step.expired) return;
      if (step.state !== 'leased' || step.attempt !== sweeping.attempt) return;
      if (!step.expired) to.broken ??= 'the sweep failed a lease that had been renewed';
      failed(to, step, false);
    });
  }
  for (const [index, step] of model.steps.entries()) {
    const at = (to: Model) => to.steps[index] as Step;
    if (step.state === 'leased' && step.expired && step.tries < TRIES && guards.takeBackExpired) {
      move('the sweep takes back a lease', (to) => {
        wait(at(to));
        at(to).unheard = true;
        if (!guards.countLostWorkers) at(to).tries--;
      });
    }
    if (step.state === 'leased' && step.expired && step.tries >= TRIES && !sweeping) {
      move('the sweep finds a lease run out', (to) => void (to.sweeping = { step: index, attempt: step.attempt }));
    }
    if (step.state !== 'waiting') continue;
    if (step.unheard && guards.announceUnheard) {
      move('the sweep announces the unheard', (to) => (ring(to), void (at(to).unheard = false)));
    }
    const nobodyWorks = model.steps.every(({ state }) => state !== 'leased');
    if (!step.unheard && nobodyWorks && model.bells === 0 && guards.announceWhenNobodyWorks) {
      move('the sweep announces because nobody works', ring);
    }
  }
}
