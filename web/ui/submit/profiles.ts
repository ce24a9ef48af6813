import { signal } from '@preact/signals';
import type { Profile } from '../api/types.ts';
import { send } from '../api/send.ts';
import { keep, kept } from '../settings/kept.ts';

/** What the API makes when it is not told. */
const DEFAULT = 'idrl';

/** The catalogue, as soon as it is there. */
export const profiles = signal<readonly Profile[]>([]);

/** Name of the profile that new videos get. */
export const chosenProfile = signal(kept('profile') ?? DEFAULT);

let asked: Promise<void> | undefined;

export function loadProfiles(): Promise<void> {
  return (asked ??= load().catch(() => (asked = undefined)));
}

async function load(): Promise<void> {
  const { body } = await send<Profile[]>('GET', '/profiles');
  profiles.value = body.toSorted((one, other) => Number(other.name === DEFAULT) - Number(one.name === DEFAULT));
  // One that is gone since.
  if (!body.some(({ name }) => name === chosenProfile.value)) chosenProfile.value = body[0]?.name ?? DEFAULT;
}

export function chooseProfile(name: string): void {
  chosenProfile.value = name;
  keep('profile', name);
}
