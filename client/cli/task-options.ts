import { readFile, stat } from 'node:fs/promises';
import { answerOf, type Api } from '../connect.ts';
import type { components } from '../schema.d.ts';
import { Misused } from './arguments.ts';
import type { Work } from './run.ts';

type Profile = components['schemas']['NewTask']['profile'];

const MOST_PRIORITY = 10;
const TRUNCATED = ['make', 'refuse'] as const;

/**
 * What a new task is told. Wrong ones are found here: the service would say so too, but only after a large file was sent.
 *
 * @throws Misused
 */
export async function readTaskOptions({ api, options, signal }: Work) {
  const { name, callback } = options;
  const priority = Number(options.priority ?? 0);
  if (!Number.isInteger(priority) || Math.abs(priority) > MOST_PRIORITY)
    throw new Misused(`--priority is a whole number from -${MOST_PRIORITY} to ${MOST_PRIORITY}.`);
  const truncated = TRUNCATED.find((one) => one === options['on-truncated']);
  if (options['on-truncated'] !== undefined && !truncated)
    throw new Misused(`--on-truncated is one of ${TRUNCATED.join(', ')}.`);
  const profile = options.profile === undefined ? undefined : await readProfile(options.profile, api, signal);
  return {
    priority,
    ...(name && { external_id: name }),
    ...(callback && { callback_url: callback }),
    ...(profile && { profile }),
    ...(truncated && { on_truncated: truncated }),
  };
}

/** A name that the service knows, or a profile of one's own out of a file. */
async function readProfile(given: string, api: Api, signal: AbortSignal): Promise<Profile> {
  if (/\.json$|[/\\]/i.test(given)) return readOwn(given);
  const names = answerOf(await api.GET('/profiles', { signal })).map(({ name }) => name);
  if (names.includes(given)) return given;
  throw new Misused(
    `There is no profile ${given}. There are: ${names.join(', ')}. One of your own comes in a file: --profile ./${given}.json`,
  );
}

async function readOwn(file: string): Promise<Profile> {
  await checkFile(file);
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text) as Profile;
  } catch (error) {
    throw new Misused(`${file} is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

/** @throws Misused when there is no file to read */
export async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (!found) throw new Misused(`There is no file ${file}.`);
  if (found.isDirectory()) throw new Misused(`${file} is a folder: name a file in it, one at a time.`);
  if (!found.isFile()) throw new Misused(`${file} is no file that can be sent.`);
}
