import { parseArgs } from 'node:util';
import type { QueueName } from './fleet.ts';

export interface Arguments {
  kills: number;
  seed: string | undefined;
  queue: QueueName;
  scenario: string[];
  list: boolean;
  help: boolean;
  withoutFence: boolean;
  /** Minutes, or null. */
  soak: number | null;
  tasks: number;
  keep: boolean;
}

export const HELP = `npm run faults -- [options]
  --kills N            how many processes are killed (60)
  --seed TEXT          repeats the decisions of a run; printed by every run
  --queue NAME         postgres (default) or pubsub, on the official emulator
  --scenario NAME      one of the list in place of kills; may be given several times, or "all"
  --list               names the scenarios and the faults
  --soak 30m           runs for so long instead and watches memory and file handles
  --tasks N            how many tasks a soak spreads over its time (300)
  --without-fence      workers that do not ask whose a step is: the referee has to notice
  --keep               keeps the run's folder, with the logs
`;

/** @throws Error in words, for what cannot be understood */
export function readArguments(given: string[]): Arguments {
  const { values } = parseArgs({
    args: given,
    options: {
      kills: { type: 'string', default: '60' },
      seed: { type: 'string' },
      queue: { type: 'string', default: 'postgres' },
      scenario: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      soak: { type: 'string' },
      tasks: { type: 'string', default: '300' },
      'without-fence': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const { queue, scenario, seed, list, help, keep } = values;
  if (queue !== 'postgres' && queue !== 'pubsub') throw new Error(`--queue is postgres or pubsub, not ${queue}.`);
  const more = { seed, queue, scenario, list, help, keep } as const;
  return {
    ...more,
    kills: whole('--kills', values.kills),
    tasks: whole('--tasks', values.tasks),
    withoutFence: values['without-fence'],
    soak: values.soak === undefined ? null : whole('--soak', values.soak.replace(/m$/, '')),
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${name} is a whole number above 0, not ${text}.`);
}
