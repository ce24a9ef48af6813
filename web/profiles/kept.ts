import { rows, type Db } from '../../shared/db/connect.ts';
import { profileSchema, type Profile } from '../../shared/task/profile.ts';
import { lockOwner } from '../../shared/task/quota.ts';

/** Profiles of one owner. */
export const MOST_PROFILES = 20;

/** By name. What came to be part of a profile since it was kept has its default. */
export async function keptProfiles(db: Db, owner: string): Promise<Profile[]> {
  const found = await rows<{ profile: Profile }>(
    db,
    `select profile from profiles where owner_id = :owner order by name`,
    { owner },
  );
  return found.map(({ profile }) => profileSchema.parse(profile));
}

/** @returns false when the owner has as many as there may be */
export async function keepProfile(db: Db, owner: string, profile: Profile): Promise<boolean> {
  return db.transaction(async (trx) => {
    await lockOwner(trx, owner);
    const kept = await rows(
      trx,
      `insert into profiles (owner_id, name, profile)
       select :owner, :name, :profile
       where (select count(*) from profiles where owner_id = :owner and name <> :name) < ${MOST_PROFILES}
       on conflict (owner_id, name) do update set profile = excluded.profile
       returning name`,
      { owner, name: profile.name, profile: JSON.stringify(profile) },
    );
    return kept.length === 1;
  });
}

export async function dropProfile(db: Db, owner: string, name: string): Promise<boolean> {
  const gone = await rows(db, `delete from profiles where owner_id = :owner and name = :name returning name`, {
    owner,
    name,
  });
  return gone.length === 1;
}
