import type { Db } from '../../shared/db/connect.ts';
import { ownProfileSchema, problemOfOwn } from '../../shared/task/own-profile.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { ApiError } from '../errors.ts';
import { keptProfiles } from './kept.ts';

type Catalog = ReadonlyMap<string, Profile>;

/** What an owner can name: the catalogue's profiles and their own. */
export async function profilesOf(db: Db, owner: string, catalog: Catalog): Promise<Catalog> {
  const own = await keptProfiles(db, owner);
  return new Map([...own.map((profile) => [profile.name, profile] as const), ...catalog]);
}

/** The profile of a request, which names one or brings its own. @throws ApiError 400 */
export async function chooseProfile(
  { db, profiles: catalog }: { db: Db; profiles: Catalog },
  owner: string,
  given: string | Profile,
): Promise<Profile> {
  if (typeof given !== 'string') return checkOwn(given, catalog);
  return catalog.get(given) ?? named(await profilesOf(db, owner, catalog), given);
}

/** @throws ApiError 400 when there is none of that name */
export function named(known: Catalog, name: string): Profile {
  const profile = known.get(name);
  if (profile) return profile;
  throw new ApiError(
    400,
    'unknown_profile',
    `There is no profile ${JSON.stringify(name)}. There are: ${[...known.keys()].join(', ')}.`,
  );
}

/** @throws ApiError 400, or what the schema throws */
export function checkOwn(given: unknown, catalog: Catalog): Profile {
  const profile = ownProfileSchema.parse(given);
  const problem = problemOfOwn(profile, catalog);
  if (problem) throw new ApiError(400, 'invalid_profile', problem);
  return profile;
}
