import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { above, type Alert } from './alert.ts';
import { balancerFilter, serverErrorFilter } from './filters.ts';

/** Of a hundred requests, how many have to be answered. */
export const GOAL = 0.995;
const DAYS = 28;

/** How fast the error budget burns: 1 uses it up in exactly the period. */
export const burns = [
  { key: 'fast', hours: 1, rate: 14.4, severity: 'CRITICAL' },
  { key: 'slow', hours: 6, rate: 6, severity: 'WARNING' },
] as const;

/** What we promise: requests answered, as the balancer counts them. */
export class ServiceLevel extends pulumi.ComponentResource {
  /** Resource name of the objective. */
  readonly objective: pulumi.Output<string>;

  constructor(name: string, { urlMap }: { urlMap: pulumi.Input<string> }, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:monitoring:ServiceLevel', name, {}, opts);
    const service = new gcp.monitoring.CustomService(
      name,
      { serviceId: 'claqueta', displayName: 'Claqueta' },
      { parent: this },
    );
    this.objective = new gcp.monitoring.Slo(
      'availability',
      {
        service: service.serviceId,
        sloId: 'availability',
        displayName: `${GOAL * 100} % of requests are answered`,
        goal: GOAL,
        rollingPeriodDays: DAYS,
        requestBasedSli: {
          goodTotalRatio: {
            totalServiceFilter: pulumi.output(urlMap).apply((map) => balancerFilter('request_count', { urlMap: map })),
            badServiceFilter: pulumi.output(urlMap).apply(serverErrorFilter),
          },
        },
      },
      { parent: this },
    ).name;
    this.registerOutputs();
  }
}

/** Alerts on the error budget: one that wakes somebody up, one that can wait until morning. */
export function budgetAlerts(objective: pulumi.Input<string>): Alert[] {
  return burns.map(({ key, hours, rate, severity }) => ({
    key: `error-budget-${key}`,
    name: `Web: error budget burns ${rate} times too fast for ${hours} h`,
    severity,
    runbook: 'error-budget',
    meaning:
      `${((1 - GOAL) * 100).toFixed(1)} % of the requests of ${DAYS} days may fail. At this rate they are used up in ` +
      `${(DAYS / rate).toFixed(1)} days.`,
    conditions: [
      above(`Burn rate above ${rate}`, {
        filter: pulumi.interpolate`select_slo_burn_rate("${objective}", "${hours * 3600}s")`,
        value: rate,
        seconds: 0,
        aggregation: 'none',
      }),
    ],
  }));
}
