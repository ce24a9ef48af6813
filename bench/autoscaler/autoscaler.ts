import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { workerScaling } from '../../infra/scalings.ts';
import { rounded, type Measured, type Run } from '../bench.ts';
import { METRIC_SECONDS, type ProfileFigures } from '../plan/plan.ts';
import { machineTypes, SPOT_DISCOUNT } from '../plan/prices.ts';
import { percentile } from '../statistics.ts';
import { table } from '../table.ts';
import { dayOfLoad, type Arrival } from './day.ts';
import { simulateDay, type Policy } from './simulate.ts';

const root = path.join(import.meta.dirname, '../..');
const MESSAGES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20];
/** Of video, waiting or at work, a slot. */
const VIDEO_SECONDS = [20, 40, 60, 90, 120, 180, 300, 600];
const DAYS = 5;

interface Row {
  [figure: string]: string | number;
  wait_p95: number;
  dollars: number;
}

/** Days of load against the policy of the worker group: how long videos wait and what it costs, by threshold. */
export async function autoscaler({ say, quick, seed }: Run): Promise<Measured> {
  const { policy, price, maximum } = await usualPolicy();
  const days = Array.from({ length: quick ? 1 : DAYS }, (_, day) => dayOfLoad(seed + day));
  const rowsFor = (signal: Policy['signal'], targets: readonly number[]) =>
    targets.map((target) => rowOf(days, { ...policy, signal, target, maximum }, price));
  const messages = rowsFor('messages', MESSAGES);
  const video = rowsFor('video', VIDEO_SECONDS);
  const hours = days.flat().reduce((sum, { seconds }) => sum + seconds, 0) / 3600 / days.length;
  say(
    `${days.length} days of ${rounded(hours)} h of video each; at most ${maximum} machines; seconds, and dollars a day`,
  );
  for (const [what, rows] of [
    ['messages an instance', messages],
    ['seconds of video a slot', video],
  ] as const) {
    say(`${what}: a video's wait for its first part, and for its last`);
    for (const line of table(rows)) say(line);
  }
  return { policy: { ...policy, maximum }, hours_a_day: hours, messages, video };
}

function rowOf(days: Arrival[][], policy: Policy, price: number): Row {
  const simulated = days.map((arrivals) => simulateDay(arrivals, policy));
  const first = simulated.flatMap(({ firstPart }) => firstPart);
  const whole = simulated.flatMap((day) => day.whole);
  const hours = simulated.reduce((sum, { machineHours }) => sum + machineHours, 0) / days.length;
  const of = (values: number[], percent: number) => Math.round(percentile(values, percent));
  return {
    target: policy.target,
    wait_p50: of(first, 50),
    wait_p95: of(first, 95),
    wait_worst: of(first, 100),
    done_p50: of(whole, 50),
    done_p95: of(whole, 95),
    done_worst: of(whole, 100),
    machines: Math.max(...simulated.map(({ most }) => most)),
    machine_hours: rounded(hours),
    dollars: rounded(hours * price),
    cut_off: Math.round(simulated.reduce((sum, { cutOff }) => sum + cutOff, 0) / days.length),
  };
}

/** The deployment's own defaults, and the measured cost of a part of `idrl`. */
async function usualPolicy() {
  const project = parse(await readFile(path.join(root, 'Pulumi.yaml'), 'utf8')) as Record<string, unknown>;
  const config = (project.config ?? {}) as Record<string, { default?: unknown }>;
  const usual = (name: string) => (config[`claqueta:${name}`] ?? config[name])?.default;
  const scaling = workerScaling(
    {
      minimum: Number(usual('workerMinimum')),
      maximum: Number(usual('workerMaximum')),
      messages: Number(usual('workerMessages')),
      machineTypes: [],
      spot: true,
      diskGb: 0,
      paused: false,
    },
    '',
  );
  const figures = JSON.parse(await readFile(path.join(root, 'docs/figures.json'), 'utf8')) as {
    profiles: Record<string, ProfileFigures>;
  };
  const idrl = figures.profiles.idrl;
  const [type = ''] = usual('workerMachineTypes') as string[];
  const machine = machineTypes[type];
  if (!idrl || !machine) throw new Error(`There are no figures of idrl or of ${type}.`);
  const { minimum, maximum, bootSeconds, stabilizationSeconds } = scaling;
  const policy: Omit<Policy, 'signal' | 'target' | 'maximum'> = {
    ...{ minimum, bootSeconds, stabilizationSeconds, metricDelay: METRIC_SECONDS, slots: machine.vcpus },
    partSeconds: idrl.partSeconds,
    slotSecondsASecond: idrl.cpuASecond,
    overheadSeconds: idrl.cpuAPart,
  };
  return { policy, maximum, price: machine.onDemand * (1 - SPOT_DISCOUNT) };
}
