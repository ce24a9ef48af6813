import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

export interface UptimeArgs {
  project: string;
  host: pulumi.Input<string>;
  /** Whether the service is asked over HTTPS. */
  secure: boolean;
}

/** Google asks from several continents, every minute, whether the service is ready. */
export class Uptime extends pulumi.ComponentResource {
  /** Id of the check in metrics. */
  readonly check: pulumi.Output<string>;

  constructor(name: string, { project, host, secure }: UptimeArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:monitoring:Uptime', name, {}, opts);
    this.check = new gcp.monitoring.UptimeCheckConfig(
      name,
      {
        displayName: 'Claqueta',
        period: '60s',
        timeout: '10s',
        logCheckFailures: true,
        monitoredResource: { type: 'uptime_url', labels: { project_id: project, host } },
        httpCheck: {
          requestMethod: 'GET',
          path: '/readyz',
          port: secure ? 443 : 80,
          useSsl: secure,
          validateSsl: secure,
          acceptedResponseStatusCodes: [{ statusClass: 'STATUS_CLASS_2XX' }],
        },
      },
      { parent: this },
    ).uptimeCheckId;
    this.registerOutputs();
  }
}
