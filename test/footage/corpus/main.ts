import { readdir, rm, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { columns } from '../../../client/cli/columns.ts';
import { progressOn } from '../../../client/cli/progress.ts';
import { answerOf, connect, type Api } from '../../../client/connect.ts';
import { openAccount } from '../../../local/demo/client.ts';
import { startLocal } from '../../../local/start.ts';
import { runProgram, type Program } from '../../../shared/program.ts';
import { findTools } from '../../../worker/ffmpeg/tools.ts';
import { HELP, readArguments, type Arguments } from './arguments.ts';
import { tellOutcome } from './compare.ts';
import { tellExpected } from './expected.ts';
import { tryFile, type Profile, type Tried } from './try-file.ts';

const EXIT = { same: 0, different: 1, misused: 2, interrupted: 130 };

// `npm run footage`: a folder of any videos, tried on a running service.
const given = readOrExit();
const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-footage-'));
await runProgram('footage', (program) => main(given, program), { logFile: () => path.join(folder, 'log') });

function readOrExit(): Arguments {
  try {
    const read = readArguments(process.argv.slice(2), process.env);
    if (read) return read;
    process.stdout.write(HELP);
    process.exit(EXIT.same);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(EXIT.misused);
  }
}

async function main(options: Arguments, program: Program): Promise<number> {
  const { settings, opened, signal } = program;
  // Else what was broken off would look like what is as expected.
  signal.addEventListener('abort', () => process.once('exit', () => (process.exitCode = EXIT.interrupted)));
  opened({ stop: () => rm(folder, { recursive: true, force: true }) });
  const files = await filesBelow(options.folder);
  const tools = await findTools(settings);
  const api = await openApi(options, program);
  const profile = await readProfile(api, options.profile);
  const running = new Set<string>();
  // What others' server would go on with, for nobody.
  opened({ stop: () => removeAll(api, running) });
  const progress = progressOn(process.stderr);
  const tried: Tried[] = [];
  const waiting = [...files];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      progress.show(`${tried.length} of ${files.length} files: ${name}`, tried.length / files.length);
      const one = await tryOne(name);
      tried.push(one);
      if (options.json) process.stdout.write(`${JSON.stringify(one)}\n`);
    }
  };
  const tryOne = async (name: string): Promise<Tried> => {
    const onTask = (id: string, isOver: boolean) => void (isOver ? running.delete(id) : running.add(id));
    const trying = { api, profile, tools, signal, onTask, patience: options.patience, keep: options.keep };
    try {
      return await tryFile(path.join(options.folder, name), name, trying);
    } catch (error) {
      signal.throwIfAborted();
      return brokenOff(name, error);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work)).finally(() => progress.end());
  const different = tried.filter(({ differences }) => differences.length > 0);
  if (!options.json) process.stdout.write(`${tableOf(tried)}\n\n`);
  process.stderr.write(`${tried.length} files, ${different.length} of them not as expected\n`);
  return different.length > 0 ? EXIT.different : EXIT.same;
}

/** A session of the server that was named, or of one that is started for this. */
async function openApi({ server, token }: Arguments, program: Program): Promise<Api> {
  if (server !== null) return connect({ url: server, token, refresh_token: '', expires_at: Infinity });
  const settings = { ...program.settings, PORT: 0, DATA_DIR: path.join(folder, 'data'), DATABASE_URL: undefined };
  const { url } = await startLocal({ ...program, settings });
  return openAccount(url, program.signal);
}

async function readProfile(api: Api, name: string): Promise<Profile> {
  const profiles = answerOf(await api.GET('/profiles', {}));
  const found = profiles.find((profile) => profile.name === name);
  if (!found)
    throw new Error(`There is no profile ${name}. There are: ${profiles.map(({ name }) => name).join(', ')}.`);
  return {
    name,
    isJoined: found.join !== null,
    keepsShape: found.frame.fit === 'keep',
    hasSound: found.audio !== null,
    firstSeconds: found.first_seconds,
    isSourceRate: found.fps === 'source',
    bumper: found.bumper?.seconds ?? 0,
  };
}

/** Paths below the folder, sorted; hidden ones are left out. @throws Error where there is none */
async function filesBelow(root: string): Promise<string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.split(path.sep).some((step) => step.startsWith('.')));
  if (files.length === 0) throw new Error(`There is no file in ${root}.`);
  return files.sort();
}

/** Goes on with the others: a file that is not answered for is a difference. */
function brokenOff(file: string, error: unknown): Tried {
  const message = error instanceof Error ? error.message : String(error);
  return {
    file,
    expected: { pictures: null, sounds: [], unreadable: null },
    result: {
      ...{ status: 'not judged', error: null, warnings: [], media: null, seconds: 0, pictures: null },
      ...{ hasSound: false, frame: null, files: 0 },
    },
    differences: [message],
    seconds: 0,
  };
}

async function removeAll(api: Api, tasks: Set<string>): Promise<void> {
  const signal = AbortSignal.timeout(5_000);
  const remove = async (id: string) => {
    await api.DELETE('/tasks/{id}', { params: { path: { id }, query: {} }, signal });
  };
  await Promise.allSettled([...tasks].map(remove));
}

function tableOf(tried: Tried[]): string {
  const rows = tried
    .toSorted((a, b) => a.file.localeCompare(b.file))
    .map(({ file, expected, result, differences, seconds }) => [
      ...[file, tellExpected(expected), tellOutcome(result), differences.join('; ') || '-', seconds.toFixed(1)],
    ]);
  return columns([['file', 'expected', 'outcome', 'differences', 'seconds'], ...rows]);
}
