import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { requestSeconds } from './routes.ts';

export interface BackendsArgs {
  instanceGroup: pulumi.Input<string>;
  throttle: pulumi.Input<string>;
}

/** The web group as the balancer sees it, twice: for short requests and for those that last. */
export class Backends extends pulumi.ComponentResource {
  /** Backend service of ordinary requests. */
  readonly short: gcp.compute.BackendService;
  /** Backend service of uploads and event streams. */
  readonly long: gcp.compute.BackendService;

  constructor(name: string, args: BackendsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:edge:Backends', name, {}, opts);
    // Strict: an instance that cannot reach its database or is not migrated gets no requests.
    const ready = new gcp.compute.HealthCheck(
      `${name}-ready`,
      {
        checkIntervalSec: 5,
        timeoutSec: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
        httpHealthCheck: { portName: 'http', portSpecification: 'USE_NAMED_PORT', requestPath: '/readyz' },
        logConfig: { enable: true },
      },
      { parent: this },
    );
    const service = (kind: keyof typeof requestSeconds, compressionMode: string) =>
      new gcp.compute.BackendService(
        `${name}-${kind}`,
        {
          loadBalancingScheme: 'EXTERNAL_MANAGED',
          protocol: 'HTTP',
          portName: 'http',
          timeoutSec: requestSeconds[kind],
          // An instance that goes first finishes what it has begun.
          connectionDrainingTimeoutSec: 60,
          healthChecks: ready.id,
          securityPolicy: args.throttle,
          compressionMode,
          backends: [
            { group: args.instanceGroup, balancingMode: 'UTILIZATION', maxUtilization: 0.8, capacityScaler: 1 },
          ],
          outlierDetection: {
            consecutiveErrors: 5,
            interval: { seconds: 10 },
            baseEjectionTime: { seconds: 30 },
            maxEjectionPercent: 50,
          },
          logConfig: { enable: true, sampleRate: 1 },
        },
        { parent: this },
      );
    this.short = service('short', 'AUTOMATIC');
    // Compressing would hold events back.
    this.long = service('long', 'DISABLED');
    this.registerOutputs();
  }
}
