import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { documentation, type Runbook } from './runbook.ts';

/** One thing that operators are told of. */
export interface Alert {
  /** Name of the policy in the program. */
  key: string;
  /** What the operator reads first. */
  name: string;
  severity: 'CRITICAL' | 'ERROR' | 'WARNING';
  runbook: Runbook;
  /** What it means here, with the numbers it goes by. */
  meaning: string;
  conditions: gcp.types.input.monitoring.AlertPolicyCondition[];
  /** Whether all conditions have to hold; one is enough otherwise. */
  together?: boolean;
  enabled?: boolean;
  /** For conditions on log lines: at most one message in so many seconds. */
  rateSeconds?: number;
}

export interface AlertsArgs {
  alerts: readonly Alert[];
  channels: pulumi.Input<string>[];
  runbooksUrl: string;
}

/** Alert policies, each with what it means, its first steps and a link to its runbook. */
export class Alerts extends pulumi.ComponentResource {
  constructor(name: string, args: AlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:monitoring:Alerts', name, {}, opts);
    for (const alert of args.alerts) {
      new gcp.monitoring.AlertPolicy(
        alert.key,
        {
          displayName: alert.name,
          severity: alert.severity,
          enabled: alert.enabled ?? true,
          combiner: alert.together ? 'AND' : 'OR',
          conditions: alert.conditions,
          notificationChannels: args.channels,
          documentation: documentation(alert.runbook, alert.meaning, args.runbooksUrl),
          alertStrategy: alert.rateSeconds
            ? { autoClose: '3600s', notificationRateLimit: { period: `${alert.rateSeconds}s` } }
            : { autoClose: '1800s', notificationPrompts: ['OPENED', 'CLOSED'] },
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

/** A condition on a value, with Monitoring's defaults written out. */
export function above(
  displayName: string,
  threshold: {
    filter: pulumi.Input<string>;
    value: number;
    seconds: number;
    /** How points become one value a minute: their mean, unless told otherwise, or as they are. */
    aggregation?: gcp.types.input.monitoring.AlertPolicyConditionConditionThresholdAggregation | 'none';
    denominator?: pulumi.Input<string>;
  },
): gcp.types.input.monitoring.AlertPolicyCondition {
  const { filter, value, seconds, denominator } = threshold;
  const aggregation = threshold.aggregation ?? { alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MEAN' };
  const aggregations = aggregation === 'none' ? undefined : [aggregation];
  return {
    displayName,
    conditionThreshold: {
      filter,
      aggregations,
      ...(denominator ? { denominatorFilter: denominator, denominatorAggregations: aggregations } : {}),
      comparison: 'COMPARISON_GT',
      thresholdValue: value,
      duration: `${seconds}s`,
      trigger: { count: 1 },
      // Only a condition that lasts can say what a gap in it means.
      ...(seconds >= 60 ? { evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE' } : {}),
    },
  };
}
