import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { profileSchema, type Profile } from './profile.ts';

const profilesFolder = fileURLToPath(new URL('./profiles', import.meta.url));

/** Folder of the bumpers and watermarks that profiles name. */
export const imagesFolder = fileURLToPath(new URL('./images', import.meta.url));

/**
 * Every profile of the catalogue by name, in the order of their names.
 * @param folder JSON files, each named after its profile
 * @throws Error naming everything that is wrong with any of them, one line each
 */
export async function loadCatalog(folder = profilesFolder, images = imagesFolder): Promise<Map<string, Profile>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const pictures = new Set(await readdir(images));
  const catalog = new Map<string, Profile>();
  const problems: string[] = files.length === 0 ? ['there is no profile'] : [];
  for (const file of files) {
    const read = readProfile(file, await readFile(path.join(folder, file), 'utf8'), pictures);
    if ('profile' in read) catalog.set(read.profile.name, read.profile);
    else problems.push(...read.problems.map((problem) => `${file}: ${problem}`));
  }
  if (problems.length === 0) return catalog;
  throw new Error(`The profiles in ${folder} are not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

/** One profile, or all that is wrong with it. Pure. */
export function readProfile(
  file: string,
  text: string,
  images: ReadonlySet<string>,
): { profile: Profile } | { problems: string[] } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : 'not JSON'] };
  }
  const { success, data: profile, error } = profileSchema.safeParse(json);
  if (!success) {
    return { problems: error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')) };
  }
  const problems: string[] = [];
  if (`${profile.name}.json` !== file) problems.push(`name: is ${profile.name}, but a file has its profile's name`);
  for (const part of [profile.bumper, profile.watermark]) {
    if (part && !images.has(part.image)) problems.push(`image: there is no ${part.image} in the images`);
  }
  return problems.length === 0 ? { profile } : { problems };
}
