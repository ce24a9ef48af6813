import { Icon, type IconName } from '../parts/icon.tsx';
import { duration, when } from '../parts/in-words.ts';
import { account } from '../session/account.ts';
import { allSlots, busySlots, healthOf, type Health } from './health.ts';
import { words } from './texts.ts';
import type { Fleet } from './types.ts';

const looks: Record<Health, { icon: IconName; tone: string }> = {
  nobody: { icon: 'wrong', tone: 'failed' },
  paused: { icon: 'pause', tone: 'pending' },
  waiting: { icon: 'wait', tone: 'failed' },
  busy: { icon: 'film', tone: 'running' },
  idle: { icon: 'check', tone: 'succeeded' },
};

/** Whether the fleet is well, in one sentence. */
export function HealthLine({ fleet }: { fleet: Fleet }) {
  const health = healthOf(fleet);
  const { icon, tone } = looks[health];
  return (
    <>
      <p class={`health tone-${tone}`}>
        <Icon name={icon} />
        <span>{sentence(fleet)}</span>
      </p>
      <p class="for-ears" role="status">
        {words.value.became[health]}
      </p>
    </>
  );
}

function sentence(fleet: Fleet): string {
  const { waiting, workers } = fleet;
  const text = words.value;
  const waits = waiting.steps > 0 ? text.wait(waiting.steps, duration(waiting.oldest_seconds)) : text.nothingWaits;
  const there = workers.length > 0 ? [text.workers(workers.length), text.slots(busySlots(fleet), allSlots(fleet))] : [];
  const facts = workers.length > 0 ? [...there, waits] : [waits, text.nobody];
  const paused = fleet.paused && text.paused(whoPaused(fleet), fleet.paused_at ? when(fleet.paused_at) : '');
  return [paused, begun(facts.join(', '))].filter(Boolean).join('. ') + '.';
}

function whoPaused({ paused_by, paused_by_name }: Fleet): string {
  const { you, machine, someone } = words.value;
  if (paused_by === account.value?.id) return you;
  if (paused_by_name !== null) return paused_by_name;
  return paused_by?.includes(' ') ? machine : someone;
}

/** With a capital letter. */
function begun(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
