import * as pulumi from '@pulumi/pulumi';
import type { Group } from '../group/group.ts';
import { targetPerInstance, type Scaling } from '../group/scaling.ts';
import { above, type Alert } from './alert.ts';
import { autoscalerFilter, groupSizeFilter, subscriptionFilter } from './filters.ts';
import { fullCapacity, percentOfFull } from './thresholds.ts';

const HOUR = 3600;

export interface WatchedGroup {
  /** How operators call it: `Web`, `Worker`. */
  title: string;
  key: string;
  group: Pick<Group, 'autoscalerName' | 'groupName'>;
  scaling: Pick<Scaling, 'minimum' | 'maximum' | 'signal'>;
  sizeAbove: number;
  /** What the group works off, when it may be empty while there is nothing in it. */
  subscription?: pulumi.Input<string>;
}

/** The five policies of a group. Percentages are of what the group can ever serve. */
export function groupAlerts(watched: WatchedGroup): Alert[] {
  const { title, key, group, sizeAbove } = watched;
  const metric = (name: 'capacity' | 'current_utilization') =>
    group.autoscalerName.apply((autoscaler) => autoscalerFilter(name, autoscaler));
  const utilization = (percent: number, minutes: number): Pick<Alert, 'key' | 'name' | 'meaning' | 'conditions'> => ({
    key: `${key}-utilization-${percent}`,
    name: `${title}: autoscaler utilization above ${percent} % for ${minutes} minutes`,
    meaning: `${explained(watched, percent)} The group is asked for more than ${percent} % of all it can ever serve.`,
    conditions: [
      above(`Utilization above ${percent} %`, {
        filter: metric('current_utilization'),
        value: percentOfFull(watched.scaling, percent),
        seconds: minutes * 60,
      }),
    ],
  });
  return [
    { ...utilization(75, 5), severity: 'WARNING', runbook: 'utilization-above-75' },
    { ...utilization(90, 30), severity: 'CRITICAL', runbook: 'utilization-above-90' },
    {
      key: `${key}-capacity-75`,
      name: `${title}: serving capacity above 75 % for 5 minutes`,
      severity: 'WARNING',
      runbook: 'capacity-above-75',
      meaning: `${explained(watched, 75)} The group has grown to more than 75 % of its largest size.`,
      conditions: [
        above('Capacity above 75 %', {
          filter: metric('capacity'),
          value: percentOfFull(watched.scaling, 75),
          seconds: 300,
        }),
      ],
    },
    {
      key: `${key}-capacity-absent`,
      name: `${title}: serving capacity absent for 1 hour`,
      severity: 'ERROR',
      runbook: 'capacity-absent',
      ...absence(watched, metric('capacity')),
    },
    {
      key: `${key}-size`,
      name: `${title}: group size above ${sizeAbove} within 1 hour`,
      severity: 'WARNING',
      runbook: 'group-size',
      meaning: `The largest size of the group in the last hour was above ${sizeAbove}. Each instance costs money.`,
      conditions: [
        above(`Size above ${sizeAbove}`, {
          filter: group.groupName.apply(groupSizeFilter),
          value: sizeAbove,
          seconds: 0,
          aggregation: { alignmentPeriod: `${HOUR}s`, perSeriesAligner: 'ALIGN_MAX' },
        }),
      ],
    },
  ];
}

function explained({ scaling }: WatchedGroup, percent: number): string {
  const unit = scaling.signal.kind === 'cpu' ? 'of a machine’s CPU' : 'messages';
  const [target, full] = [targetPerInstance(scaling.signal), fullCapacity(scaling)];
  return (
    `The metric is a sum over instances, not a percentage. 100 % is ${scaling.maximum} instances at ` +
    `${target} ${unit} each, which is ${full}; ${percent} % of it is ${percentOfFull(scaling, percent)}.`
  );
}

/** Fires only after a first point has arrived since the policy exists. */
function absence(
  { scaling, subscription }: WatchedGroup,
  filter: pulumi.Output<string>,
): Pick<Alert, 'meaning' | 'conditions' | 'together'> {
  const absent = {
    displayName: 'Capacity absent',
    conditionAbsent: {
      filter,
      duration: `${HOUR}s`,
      aggregations: [{ alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MEAN' }],
      trigger: { count: 1 },
    },
  };
  if (scaling.minimum > 0 || subscription === undefined) {
    return { meaning: 'The autoscaler has reported no capacity for an hour: nobody serves.', conditions: [absent] };
  }
  // A group that may be empty has no capacity when nothing waits, and that is as it should be.
  const waiting = above('Messages wait', {
    filter: pulumi.output(subscription).apply((name) => subscriptionFilter('num_undelivered_messages', name)),
    value: 0,
    seconds: HOUR,
  });
  return {
    meaning: 'The autoscaler has reported no capacity for an hour, and messages have waited as long: nobody works.',
    conditions: [absent, waiting],
    together: true,
  };
}
