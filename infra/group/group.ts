import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { autoscalingPolicy, distribution, type Scaling } from './scaling.ts';
import { instanceTemplate, type InstanceArgs } from './template.ts';

export interface GroupArgs extends Omit<InstanceArgs, 'machineType'> {
  zones: readonly string[];
  /** The preferred first. */
  machineTypes: readonly string[];
  scaling: pulumi.Input<Scaling>;
  /** Port that the healing check asks, and that a balancer may reach by the name `http`. */
  port: number;
}

/** A regional group of instances that run one container, with its autoscaler, its healing and its rolling updates. */
export class Group extends pulumi.ComponentResource {
  /** What a backend service points to. */
  readonly instanceGroup: pulumi.Output<string>;
  /** Name of the group in metrics. */
  readonly groupName: pulumi.Output<string>;
  /** Name of the autoscaler in metrics. */
  readonly autoscalerName: pulumi.Output<string>;

  constructor(name: string, args: GroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:compute:Group', name, {}, opts);
    const { region, zones, port } = args;
    const scaling = pulumi.output(args.scaling);
    const { machineType, shape, redistribution, ...spread } = distribution(zones, args.machineTypes);
    const template = instanceTemplate(name, { ...args, machineType }, this);

    // Lenient: it asks only whether the process is alive. An instance without its database is not made anew for that.
    const alive = new gcp.compute.HealthCheck(
      `${name}-alive`,
      {
        checkIntervalSec: 15,
        timeoutSec: 10,
        healthyThreshold: 1,
        unhealthyThreshold: 5,
        httpHealthCheck: { port, requestPath: '/livez' },
        logConfig: { enable: true },
      },
      { parent: this },
    );
    const group = new gcp.compute.RegionInstanceGroupManager(
      name,
      {
        region,
        baseInstanceName: `claqueta-${name}`,
        ...spread,
        distributionPolicyTargetShape: shape,
        versions: [{ name: 'current', instanceTemplate: template.selfLinkUnique }],
        namedPorts: [{ name: 'http', port }],
        autoHealingPolicies: {
          healthCheck: alive.id,
          initialDelaySec: scaling.apply(({ bootSeconds }) => bootSeconds),
        },
        // The autoscaler decides, except while the group is paused.
        targetSize: scaling.apply(({ paused }) => (paused ? 0 : undefined)),
        updatePolicy: {
          type: 'PROACTIVE',
          minimalAction: 'REPLACE',
          mostDisruptiveAllowedAction: 'REPLACE',
          replacementMethod: 'SUBSTITUTE',
          instanceRedistributionType: redistribution,
          // New ones first, one a zone, which is the least that a regional group accepts; none of the old goes before.
          maxSurgeFixed: zones.length,
          maxUnavailableFixed: 0,
          minReadySec: 30,
        },
        instanceLifecyclePolicy: { defaultActionOnFailure: 'REPAIR', forceUpdateOnRepair: 'YES' },
        waitForInstances: true,
        waitForInstancesStatus: 'UPDATED',
      },
      { parent: this, customTimeouts: { create: '30m', update: '30m', delete: '30m' } },
    );
    const autoscaler = new gcp.compute.RegionAutoscaler(
      name,
      { region, target: group.id, autoscalingPolicy: scaling.apply(autoscalingPolicy) },
      { parent: this },
    );
    this.instanceGroup = group.instanceGroup;
    this.groupName = group.name;
    this.autoscalerName = autoscaler.name;
    this.registerOutputs();
  }
}
