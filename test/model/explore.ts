import type { Guards } from './guards.ts';
import { movesFrom } from './moves.ts';
import { firstState, isFinal, keyOf, type Budget, type Model } from './state.ts';

export interface Explored {
  states: number;
  /** Each promise broken, with the shortest way there. */
  violations: Map<string, string[]>;
}

/** What is looked at whole: so many parts, from where, and what may go wrong how often. */
export interface World {
  name: string;
  parts: number;
  planned: boolean;
  /** Whether the last part is the sound of the whole. */
  sound?: boolean;
  budget: Budget;
}

interface Seen {
  model: Model;
  /** Where it was first reached from, and how. */
  from: Seen | null;
  by: string;
  /** States from which this one follows without anything going wrong. */
  before: Seen[];
}

/** Visits every state that can be reached. */
export function explore({ parts, budget, planned, sound }: World, guards: Guards): Explored {
  const start: Seen = { model: firstState(parts, budget, planned, sound), from: null, by: '', before: [] };
  const seen = new Map([[keyOf(start.model), start]]);
  const violations = new Map<string, string[]>();
  // Grows while it is walked.
  const queue = [start];
  for (const at of queue) {
    const broken = whatIsBroken(at.model, guards);
    if (broken) {
      if (!violations.has(broken)) violations.set(broken, wayTo(at));
      // What follows from a broken promise tells nothing more.
      continue;
    }
    for (const { name, fault, to } of movesFrom(at.model, guards)) {
      const key = keyOf(to);
      let next = seen.get(key);
      if (!next) {
        next = { model: to, from: at, by: name, before: [] };
        seen.set(key, next);
        queue.push(next);
      }
      if (!fault) next.before.push(at);
    }
  }
  const lost = findLost(queue, guards);
  if (lost) violations.set('a task can never end', wayTo(lost));
  return { states: seen.size, violations };
}

function whatIsBroken(model: Model, { attemptInKey }: Guards): string | null {
  if (model.broken) return model.broken;
  for (const { published, stored, state } of model.steps) {
    if (published > 0 && !stored.includes(published)) {
      return attemptInKey ? 'a published file is gone' : 'a published file was overwritten';
    }
    if (model.task === 'cancelled' && (state === 'waiting' || state === 'leased')) return 'a cancelled task has work';
    if (model.task === 'succeeded' && state !== 'done') return 'a task succeeded without all of its steps';
  }
  return null;
}

/** A state from which nothing leads to an end unless something goes wrong or somebody gives up. */
function findLost(states: Seen[], guards: Guards): Seen | undefined {
  const ending = states.filter(({ model }) => isFinal(model.task) || whatIsBroken(model, guards) !== null);
  const good = new Set(ending);
  // Grows while it is walked.
  for (const state of good) for (const before of state.before) good.add(before);
  return states.find((state) => !good.has(state));
}

function wayTo(state: Seen): string[] {
  const way: string[] = [];
  for (let at: Seen | null = state; at?.from; at = at.from) way.unshift(at.by);
  return way;
}
