import { parseArgs } from 'node:util';

/** What a command is given, taken apart. Pure. */
export interface Arguments {
  command: string;
  /** What stands without a dash. */
  given: string[];
  options: {
    url?: string | undefined;
    email?: string | undefined;
    profile?: string | undefined;
    priority?: string | undefined;
    name?: string | undefined;
    callback?: string | undefined;
    'on-truncated'?: string | undefined;
    download?: string | undefined;
    status?: string | undefined;
    max?: string | undefined;
    from?: string | undefined;
    to?: string | undefined;
    wait?: boolean | undefined;
    json?: boolean | undefined;
    help?: boolean | undefined;
  };
}

/** Something about the arguments is wrong; the message says what. */
export class Misused extends Error {}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const OPTIONS = {
  ...{ url: text, email: text, profile: text, priority: text, name: text, callback: text, download: text },
  ...{
    'on-truncated': text,
    status: text,
    max: text,
    from: text,
    to: text,
    wait: flag,
    json: flag,
    help: { ...flag, short: 'h' },
  },
} as const;

const MADE_WITH = ['profile', 'priority', 'name', 'callback', 'on-truncated', 'wait', 'download', 'json'];
const MAKING =
  '[--profile NAME|FILE] [--priority N] [--name TEXT] [--callback URL] ' +
  '[--on-truncated make|refuse] [--wait] [--download DIR]';

/** What each command takes: how many words, and which options. */
const COMMANDS: Record<string, { words: [number, number]; options: string[]; usage: string }> = {
  login: { words: [0, 0], options: ['url', 'email'], usage: 'login [--url URL] [--email EMAIL]' },
  submit: {
    words: [1, 1],
    options: MADE_WITH,
    usage: `submit FILE|URL ${MAKING}`,
  },
  plan: {
    words: [1, 1],
    options: ['profile', 'on-truncated', 'json'],
    usage: 'plan FILE|URL [--profile NAME|FILE] [--on-truncated make|refuse]',
  },
  replay: {
    words: [1, 1],
    options: MADE_WITH,
    usage: `replay ID ${MAKING}`,
  },
  list: { words: [0, 0], options: ['status', 'max', 'json'], usage: 'list [--status STATUS] [--max N]' },
  status: { words: [1, 1], options: ['wait', 'download', 'json'], usage: 'status ID [--wait] [--download DIR]' },
  abort: { words: [1, 1], options: [], usage: 'abort ID' },
  usage: { words: [0, 0], options: ['from', 'to', 'json'], usage: 'usage [--from DAY] [--to DAY]' },
};

export const HELP = `claqueta COMMAND

  ${Object.values(COMMANDS)
    .map(({ usage }) => usage)
    .join('\n  ')}

login     asks for the password, or takes it from CLAQUETA_PASSWORD, and keeps the session
submit    makes a task of a file or an address; --wait shows how far it is, --download fetches the clips (and waits)
plan      only looks at the video, and says what the task would come to
replay    makes another task of the video of one that has ended
abort     aborts a task that has not ended

--profile is the name of one, or a file.json with one of your own. --priority is from -10 to 10: higher ones go first.
--on-truncated refuse fails a video that is cut off, of which else what is there is made; without it, as the profile says.
--json prints what the service answers. Exit codes: 0 well, 1 the task or the request failed, 2 wrong use, 3 log in first,
130 interrupted; a task that was submitted goes on then.`;

/** @throws Misused */
export function readArguments(args: string[]): Arguments {
  const parsed = parse(args);
  const [command = '', ...given] = parsed.positionals;
  const options = { ...parsed.values };
  if (options.help || command === '' || command === 'help') return { command: 'help', given, options };
  const known = COMMANDS[command];
  if (!known) throw new Misused(`There is no command ${command}. See claqueta --help.`);
  const odd = Object.keys(options).find((name) => !known.options.includes(name));
  const [least, most] = known.words;
  if (odd) throw new Misused(`--${odd} is nothing for ${command}: claqueta ${known.usage}`);
  if (given.length < least || given.length > most) throw new Misused(`Usage: claqueta ${known.usage}`);
  return { command, given, options };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Misused(error instanceof Error ? error.message : String(error));
  }
}
