import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { rounded } from '../bench.ts';
import { table } from '../table.ts';
import { HELP, readQuestion, type Asked } from './arguments.ts';
import { BOOT_SECONDS, METRIC_SECONDS, planFleet, type Plan, type ProfileFigures } from './plan.ts';

// `npm run plan`: machines and money for so much video.
interface Figures {
  measured: { at: string; commit: string; cpu: string };
  profiles: Record<string, ProfileFigures>;
}

const file = path.join(import.meta.dirname, '../../docs/figures.json');
process.exitCode = await main(process.argv.slice(2));

async function main(words: string[]): Promise<number> {
  if (words.length === 0 || words.includes('--help') || words.includes('-h')) return say(HELP);
  const { measured, profiles } = JSON.parse(await readFile(file, 'utf8')) as Figures;
  const asked = readQuestion(words, Object.keys(profiles));
  if ('problems' in asked) return refuse(asked.problems.join('\n'));
  const figures = profiles[asked.profile];
  const plan = figures ? planFleet({ ...asked, figures }) : { problem: 'There are no figures.' };
  if ('problem' in plan) return refuse(plan.problem);
  for (const line of table(answer(asked, plan))) say(line);
  return say(`measured ${measured.at} at ${measured.commit} on ${measured.cpu}`);
}

function answer({ machine, price, deadline, peak }: Asked, plan: Plan): Record<string, string | number>[] {
  const money = (dollars: number) => `$${dollars.toFixed(dollars < 1 ? 3 : 2)}`;
  const empty = `${BOOT_SECONDS + METRIC_SECONDS} s of ${deadline} s go by before an empty group works`;
  return [
    { what: 'processor hours a day', is: rounded(plan.cpuHours), because: 'measured' },
    { what: `${machine} on average`, is: rounded(plan.average), because: '24 hours at full load' },
    { what: 'for the busiest hour', is: plan.forPeak, because: `${peak} × the average` },
    { what: 'for one video in time', is: plan.forDeadline, because: empty },
    { what: 'machines at most', is: plan.machines, because: 'workerMaximum' },
    {
      what: 'machine hours a day',
      is: rounded(plan.machineHoursADay),
      because: 'a quarter goes by booting and waiting',
    },
    { what: 'a day', is: money(plan.dollarsADay), because: `${money(price)} a machine and hour` },
    {
      what: 'an hour of video',
      is: money(plan.dollarsAnHourOfVideo),
      because: 'without storage, traffic and database',
    },
  ];
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function refuse(text: string): number {
  process.stderr.write(`${text}\n`);
  return 1;
}
