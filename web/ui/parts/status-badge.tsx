import type { Status } from '../api/types.ts';
import { texts } from '../settings/language.ts';
import { Icon, type IconName } from './icon.tsx';

const icons: Record<Status, IconName> = {
  pending: 'wait',
  running: 'film',
  succeeded: 'check',
  failed: 'wrong',
  cancelled: 'stop',
};

/** A state by picture, color and word. */
export function StatusBadge({ status }: { status: Status }) {
  return (
    <span class={`badge tone-${status}`}>
      <Icon name={icons[status]} />
      {texts.value.tasks.status[status]}
    </span>
  );
}
