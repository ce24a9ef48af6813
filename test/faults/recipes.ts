import { sample } from '../kit/videos.ts';

/** A video and a profile, with what has to come of them: said here once more, so that the plan is checked too. */
export interface Recipe {
  name: string;
  weight: number;
  profile: 'idrl' | 'anb';
  seconds: number;
  width: number;
  height: number;
}

export interface ExpectedClip {
  part: number;
  frames: number;
  width: number;
  height: number;
}

/** Mostly small ones, whose clips take half a second. `long` takes some seconds, for faults half-way. */
export const recipes: Recipe[] = [
  { name: 'tiny', weight: 8, profile: 'idrl', seconds: 2, width: 320, height: 180 },
  { name: 'two', weight: 3, profile: 'idrl', seconds: 21, width: 320, height: 180 },
  { name: 'three', weight: 1, profile: 'idrl', seconds: 45, width: 320, height: 180 },
  { name: 'anb', weight: 1, profile: 'anb', seconds: 2, width: 320, height: 180 },
  { name: 'long', weight: 0, profile: 'idrl', seconds: 12, width: 1280, height: 720 },
];

export function recipeNamed(name: string): Recipe {
  const found = recipes.find((recipe) => recipe.name === name);
  if (!found) throw new Error(`no recipe ${name}`);
  return found;
}

export function draw({ seconds, width, height }: Recipe): Promise<string> {
  return sample({ seconds, width, height });
}

const FPS = 24;

/** The clips of a recipe by the words of the README's table of profiles. */
export function expectedClips({ profile, seconds, width, height }: Recipe): ExpectedClip[] {
  if (profile === 'anb') return [{ part: 1, frames: (Math.min(seconds, 30) + 5) * FPS, width: 1280, height: 720 }];
  const parts = Math.ceil(seconds / 20);
  return Array.from({ length: parts }, (_, index) => {
    const length = Math.min(20, seconds - index * 20);
    return { part: index + 1, frames: (length + 2) * FPS, width, height };
  });
}
