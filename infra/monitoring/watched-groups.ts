import type * as pulumi from '@pulumi/pulumi';
import type { Deployment } from '../config.ts';
import type { Group } from '../group/group.ts';
import { webScaling, workerScaling } from '../scalings.ts';
import type { WatchedGroup } from './group-alerts.ts';

/** Both groups, with what their alerts go by. */
export function watchedGroups(
  config: Pick<Deployment, 'web' | 'worker' | 'alerts'>,
  made: { web: Group; worker: Group; subscription: pulumi.Input<string> },
): WatchedGroup[] {
  const sizeAbove = config.alerts.groupSizeAbove;
  return [
    { title: 'Web', key: 'web', group: made.web, scaling: webScaling(config.web), sizeAbove },
    {
      title: 'Worker',
      key: 'worker',
      group: made.worker,
      // Thresholds go by the number of messages, not by whose they are.
      scaling: workerScaling(config.worker, ''),
      sizeAbove,
      subscription: made.subscription,
    },
  ];
}
