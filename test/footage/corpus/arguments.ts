import { parseArgs } from 'node:util';

/** What `npm run footage` is told. */
export interface Arguments {
  folder: string;
  profile: string;
  /** A service that runs already; null starts one for the time being. */
  server: string | null;
  token: string;
  atOnce: number;
  /** Longest wait for a file, in seconds. */
  patience: number;
  json: boolean;
  keep: boolean;
}

export const HELP = `npm run footage -- FOLDER [options]
  Tries every file of a folder, and those below it, on a running service, and compares what comes out with an
  independent decode by FFmpeg. Prints a table; exits 1 where something differs, 2 on wrong use.

  --profile NAME    idrl (default), whole, hls or another
  --server URL      a service that runs already; else one is started, with a folder of its own that is removed
  --token TOKEN     access token for it; else CLAQUETA_TOKEN
  --at-once N       files at the same time (2)
  --patience S      longest wait for a file, in seconds (600)
  --json            prints an object a line in place of the table
  --keep            leaves the tasks on the server, in place of removing them
`;

/** @returns null where help is asked for @throws Error in words, for what cannot be understood. Pure. */
export function readArguments(given: string[], env: NodeJS.ProcessEnv = {}): Arguments | null {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: given,
    allowPositionals: true,
    options: {
      ...{ profile: text, server: text, token: text, 'at-once': text, patience: text },
      ...{ json: flag, keep: flag, help: flag },
    },
  });
  if (values.help) return null;
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0)
    throw new Error('Name one folder of videos. See npm run footage -- --help.');
  const { profile = 'idrl', server = null, json, keep } = values;
  const token = values.token ?? env.CLAQUETA_TOKEN ?? '';
  if (server !== null && !token) throw new Error('--server needs --token, or CLAQUETA_TOKEN.');
  const atOnce = whole('--at-once', values['at-once'] ?? '2', 64);
  const patience = whole('--patience', values.patience ?? '600', 86_400);
  return { folder, profile, server, token, atOnce, patience, json, keep };
}

function whole(name: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Error(`${name} is a whole number from 1 to ${most}, not ${text}.`);
}
