import { machineTypes, SPOT_DISCOUNT } from './prices.ts';

/** What `npm run plan` was asked. Times in seconds. */
export interface Asked {
  hoursPerDay: number;
  deadline: number;
  video: number;
  peak: number;
  profile: string;
  machine: string;
  vcpus: number;
  price: number;
  speed: number;
}

export const HELP = `npm run plan -- --hours-per-day 500 --deadline 30m

How many machines, and what they cost, from measured figures (docs/figures.json).

  --hours-per-day N  hours of video that come in each day
  --deadline T       from submission to the last clip: 90s, 30m, 2h
  --video T          length of the videos for which that must hold (1h)
  --peak N           the busiest hour over the average one (3)
  --profile NAME     idrl or anb (idrl)
  --machine TYPE     ${Object.keys(machineTypes).join(', ')} (n2d-standard-4)
  --vcpus N          for a type that is not listed
  --price N          dollars an hour; else list price on demand less ${SPOT_DISCOUNT * 100} %, the most that Spot costs
  --speed N          how much faster a vCPU is than a core of the machine that was measured (1)`;

const DEFAULTS = { video: '1h', peak: '3', profile: 'idrl', machine: 'n2d-standard-4', speed: '1' };
const NAMES = ['hours-per-day', 'deadline', 'video', 'peak', 'profile', 'machine', 'vcpus', 'price', 'speed'];

/** Answers what is wrong instead, all of it. Pure. */
export function readQuestion(words: readonly string[], profiles: readonly string[]): Asked | { problems: string[] } {
  const problems: string[] = [];
  const given = new Map<string, string>(Object.entries(DEFAULTS));
  for (let index = 0; index < words.length; index += 2) {
    const [word = '', value] = words.slice(index, index + 2);
    const name = word.replace(/^--/, '');
    if (!word.startsWith('--') || !NAMES.includes(name)) problems.push(`There is no ${word}. See --help.`);
    else if (value === undefined || value.startsWith('--')) problems.push(`${word} needs a value.`);
    else given.set(name, value);
  }
  const machine = given.get('machine') ?? '';
  const known = machineTypes[machine];
  const asked: Asked = {
    hoursPerDay: positive('hours-per-day', given, problems),
    deadline: duration('deadline', given, problems),
    video: duration('video', given, problems),
    peak: positive('peak', given, problems),
    profile: given.get('profile') ?? '',
    machine,
    vcpus: known && !given.has('vcpus') ? known.vcpus : positive('vcpus', given, problems),
    price: known && !given.has('price') ? known.onDemand * (1 - SPOT_DISCOUNT) : positive('price', given, problems),
    speed: positive('speed', given, problems),
  };
  if (!profiles.includes(asked.profile)) {
    problems.push(`There are no figures of the profile ${asked.profile}: only of ${profiles.join(', ')}.`);
  }
  return problems.length > 0 ? { problems } : asked;
}

function positive(name: string, given: ReadonlyMap<string, string>, problems: string[]): number {
  const value = Number(given.get(name));
  if (value > 0 && Number.isFinite(value)) return value;
  problems.push(`--${name} takes a number above 0.`);
  return NaN;
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };

function duration(name: string, given: ReadonlyMap<string, string>, problems: string[]): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([smh])$/.exec(given.get(name) ?? '') ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? NaN);
  if (seconds > 0) return seconds;
  problems.push(`--${name} takes a time: 90s, 30m, 2h.`);
  return NaN;
}
