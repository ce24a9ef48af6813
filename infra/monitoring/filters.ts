import type { FigureName } from '../../shared/metrics/figures.ts';

/** Which time series a condition or a chart is about. Pure: names in, Monitoring's filter language out. */

/** A metric of a group's autoscaler. */
export function autoscalerFilter(metric: 'capacity' | 'current_utilization', autoscaler: string): string {
  return all({
    'resource.type': 'autoscaler',
    'resource.labels.autoscaler_name': autoscaler,
    'metric.type': `autoscaler.googleapis.com/${metric}`,
  });
}

/** How many instances a group has. */
export function groupSizeFilter(group: string): string {
  return all({
    'resource.type': 'instance_group',
    'resource.labels.instance_group_name': group,
    'metric.type': 'compute.googleapis.com/instance_group/size',
  });
}

/** A metric of a Pub/Sub subscription. */
export function subscriptionFilter(metric: string, subscription: string): string {
  return all({
    'resource.type': 'pubsub_subscription',
    'resource.labels.subscription_id': subscription,
    'metric.type': `pubsub.googleapis.com/subscription/${metric}`,
  });
}

/** A metric of the balancer; without a backend it is about all requests. */
export function balancerFilter(metric: string, { urlMap, backend }: { urlMap: string; backend?: string }): string {
  return all({
    'resource.type': 'https_lb_rule',
    'resource.labels.url_map_name': urlMap,
    ...(backend ? { 'resource.labels.backend_target_name': backend } : {}),
    'metric.type': `loadbalancing.googleapis.com/https/${metric}`,
  });
}

/** Answers that were our fault. The label is a number: 500 stands for all from 500 to 599. */
export function serverErrorFilter(urlMap: string): string {
  return `${balancerFilter('request_count', { urlMap })} AND metric.labels.response_code_class = 500`;
}

/** A metric of the database. */
export function databaseFilter(metric: string, { project, instance }: { project: string; instance: string }): string {
  return all({
    'resource.type': 'cloudsql_database',
    'resource.labels.database_id': `${project}:${instance}`,
    'metric.type': `cloudsql.googleapis.com/database/${metric}`,
  });
}

/** Whether one uptime check passed. */
export function uptimeFilter(check: string): string {
  return all({
    'resource.type': 'uptime_url',
    'metric.labels.check_id': check,
    'metric.type': 'monitoring.googleapis.com/uptime_check/check_passed',
  });
}

/** A metric that the service itself writes. */
export function ownFilter(metric: FigureName): string {
  return all({ 'resource.type': 'generic_task', 'metric.type': `custom.googleapis.com/claqueta/${metric}` });
}

/**
 * Log lines of a program at ERROR and above. What the agent on Container-Optimized OS makes of a JSON line differs with
 * its version: it lifts the severity, or leaves it in the message, parsed or as text.
 */
export function errorLogFilter(project: string, program: string): string {
  return [
    'resource.type="gce_instance"',
    `logName="projects/${project}/logs/cos_containers"`,
    `jsonPayload."cos.googleapis.com/container_name"="${program}"`,
    '(severity>=ERROR' +
      ' OR jsonPayload.message.severity=("ERROR" OR "CRITICAL")' +
      ' OR jsonPayload.message=~"\\"severity\\":\\"(ERROR|CRITICAL)\\"")',
  ].join(' AND ');
}

function all(equal: Record<string, string>): string {
  return Object.entries(equal)
    .map(([field, value]) => `${field} = "${value}"`)
    .join(' AND ');
}
