import type { Run } from './fault.ts';
import { recipeNamed } from './recipes.ts';
import type { Submission } from './submit.ts';

/** A task before all others of its owner, so that the moment that a fault waits for comes soon. */
export function soon({ stream }: Run, recipe: string): Submission {
  return { ...stream.draw(recipeNamed(recipe)), priority: 10 };
}
