import { signal } from '@preact/signals';
import type { Profile } from '../api/types.ts';
import { send } from '../api/send.ts';
import { pause } from '../parts/pause.ts';
import { keep, kept } from '../settings/kept.ts';

/** What the API makes when it is not told. */
const DEFAULT = 'idrl';
/** Between two tries. */
const WAIT_MS = 5_000;

/** The catalogue, as soon as it is there. */
export const profiles = signal<readonly Profile[]>([]);

/** Why it is not there, after it was asked for. */
export const failure = signal<unknown>(null);

/** Name of the profile that new videos get. */
export const chosenProfile = signal(kept('profile') ?? DEFAULT);

let asking: Promise<void> | undefined;

/** Reads the catalogue once; tries until it is there. */
export function loadProfiles(): Promise<void> {
  return (asking ??= keepTrying());
}

async function keepTrying(): Promise<void> {
  while (profiles.value.length === 0) {
    await readProfiles();
    if (profiles.value.length === 0) await pause(WAIT_MS);
  }
}

export async function readProfiles(): Promise<void> {
  try {
    const { body } = await send<Profile[]>('GET', '/profiles');
    failure.value = null;
    profiles.value = body.toSorted((one, other) => Number(other.name === DEFAULT) - Number(one.name === DEFAULT));
    // One that is gone since.
    if (!body.some(({ name }) => name === chosenProfile.value)) chosenProfile.value = body[0]?.name ?? DEFAULT;
  } catch (error) {
    failure.value = error;
  }
}

export function chooseProfile(name: string): void {
  chosenProfile.value = name;
  keep('profile', name);
}
