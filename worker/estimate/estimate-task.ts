import { rows, type Db } from '../../shared/db/connect.ts';
import type { Ingested } from '../../shared/task/finish.ts';
import type { Profile } from '../../shared/task/profile.ts';
import type { TaskPlan } from '../../shared/task/task.ts';
import type { StepContext } from '../context.ts';
import { cpuSecondsOf } from './estimate.ts';
import { fleetFactor } from './fleet-factor.ts';
import { sampleFactor } from './sample.ts';
import { wholeSeconds } from './whole.ts';
import { workOf } from './work.ts';

/** What a task would come to, with the fleet as it is now. */
export async function estimateTask(ingested: Ingested, profile: Profile, context: StepContext): Promise<TaskPlan> {
  const { db } = context;
  const { clips, media } = ingested;
  const factor = (await sampleFactor(ingested, profile, context)) ?? (await fleetFactor(db));
  const each = clips.map((input) => factor * cpuSecondsOf(workOf(input, media, profile)));
  const ofParts = each.reduce((sum, seconds) => sum + seconds, 0);
  const { sound, finish } = wholeSeconds(clips.length, media, profile);
  const cpu = ofParts + sound + finish;
  const { slots, parts_waiting: waiting } = await fleetNow(db);
  const mean = ofParts / Math.max(1, each.length);
  return {
    parts: clips.length,
    outputs: profile.join ? 1 : clips.length,
    cpu_seconds: Math.round(cpu * 100) / 100,
    // What waits is taken to be like this task's parts; one step is done by one slot, and joining comes last.
    seconds:
      slots === 0
        ? null
        : Math.ceil(finish + Math.max((ofParts + sound + waiting * mean) / slots, longestOf([sound, ...each]))),
  };
}

/** Without a call of as many arguments as there are parts. */
function longestOf(steps: number[]): number {
  return steps.reduce((most, seconds) => Math.max(most, seconds), 0);
}

/** Slots of the workers that are there, and clip steps that are not done. */
async function fleetNow(db: Db): Promise<{ slots: number; parts_waiting: number }> {
  const [now] = await rows<{ slots: number; parts_waiting: number }>(
    db,
    `select (select cast(coalesce(sum(slots), 0) as integer) from workers
             where seen_at > clock_timestamp() - interval '45 seconds') as slots,
            (select cast(count(*) as integer) from steps where kind = 'clip' and state in ('waiting', 'leased')) as parts_waiting`,
  );
  return now ?? { slots: 0, parts_waiting: 0 };
}
