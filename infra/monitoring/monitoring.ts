import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { Alerts } from './alert.ts';
import { dashboard } from './dashboard.ts';
import { groupAlerts, type WatchedGroup } from './group-alerts.ts';
import { databaseAlerts, edgeAlerts, queueAlerts, workerAlerts } from './service-alerts.ts';
import { budgetAlerts, ServiceLevel } from './service-level.ts';
import { percentOfFull } from './thresholds.ts';
import { Uptime } from './uptime.ts';
import type { Watched } from './watched.ts';

export interface MonitoringArgs {
  channels: pulumi.Input<string>[];
  runbooksUrl: string;
  groups: WatchedGroup[];
  sizeAbove: number;
  /** Host that the uptime check asks, and whether over HTTPS. */
  host: pulumi.Input<string>;
  secure: boolean;
  watched: Omit<Watched, 'uptimeCheck'>;
}

/** Everything that tells operators how the service is. */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:monitoring:Monitoring', name, {}, opts);
    const own = { parent: this };
    const { project } = args.watched;
    const uptime = new Uptime(name, { project, host: args.host, secure: args.secure }, own);
    const level = new ServiceLevel(name, { urlMap: args.watched.urlMap }, own);
    const watched: Watched = { ...args.watched, uptimeCheck: uptime.check };
    const alerts = [
      ...args.groups.flatMap(groupAlerts),
      ...queueAlerts(watched),
      ...edgeAlerts(watched),
      ...databaseAlerts(watched),
      ...workerAlerts(watched),
      ...budgetAlerts(level.objective),
    ];
    new Alerts(name, { alerts, channels: args.channels, runbooksUrl: args.runbooksUrl }, own);
    new gcp.monitoring.Dashboard(name, { dashboardJson: pulumi.jsonStringify(this.shown(args).apply(dashboard)) }, own);
    this.registerOutputs();
  }

  private shown({ watched, groups, sizeAbove }: MonitoringArgs) {
    const { project, subscription, deadSubscription, urlMap, shortBackend, databaseInstance, connections } = watched;
    return pulumi.output({
      ...{ project, subscription, deadSubscription, urlMap, databaseInstance, connections, sizeAbove },
      backend: shortBackend,
      groups: groups.map(({ title, group, scaling }) => ({
        title,
        autoscaler: group.autoscalerName,
        group: group.groupName,
        warning: percentOfFull(scaling, 75),
      })),
    });
  }
}
