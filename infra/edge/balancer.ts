import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { Backends } from './backends.ts';
import { longRouteRules } from './routes.ts';
import { Throttle } from './throttle.ts';

export interface BalancerArgs {
  ip: pulumi.Input<string>;
  instanceGroup: pulumi.Input<string>;
  /** Certificate map of the domain. Without one the service answers over plain HTTP, for a trial. */
  certificateMap?: pulumi.Input<string>;
  requestsPerMinute: number;
}

/** The global balancer before the web servers. */
export class Balancer extends pulumi.ComponentResource {
  /** Name of the backend service of ordinary requests in metrics. */
  readonly shortBackend: pulumi.Output<string>;
  /** Name of the URL map in metrics. */
  readonly urlMap: pulumi.Output<string>;

  constructor(name: string, args: BalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:edge:Balancer', name, {}, opts);
    const own = { parent: this };
    const { instanceGroup, requestsPerMinute } = args;
    const throttle = new Throttle(name, { requestsPerMinute }, own);
    const { short, long } = new Backends(name, { instanceGroup, throttle: throttle.policy }, own);
    const urlMap = new gcp.compute.URLMap(
      name,
      {
        defaultService: short.id,
        hostRules: [{ hosts: ['*'], pathMatcher: 'all' }],
        pathMatchers: [{ name: 'all', defaultService: short.id, routeRules: longRouteRules(long.id) }],
      },
      own,
    );
    this.shortBackend = short.name;
    this.urlMap = urlMap.name;
    if (args.certificateMap) this.serveHttps(name, args.ip, urlMap, args.certificateMap);
    else this.serveHttp(name, args.ip, urlMap);
    this.registerOutputs();
  }

  private serveHttps(
    name: string,
    ip: pulumi.Input<string>,
    urlMap: gcp.compute.URLMap,
    certificateMap: pulumi.Input<string>,
  ): void {
    const own = { parent: this };
    const tls = new gcp.compute.SSLPolicy(name, { profile: 'MODERN', minTlsVersion: 'TLS_1_2' }, own);
    const proxy = new gcp.compute.TargetHttpsProxy(
      name,
      { urlMap: urlMap.id, certificateMap, sslPolicy: tls.id, quicOverride: 'ENABLE' },
      own,
    );
    this.forward(`${name}-https`, ip, '443', proxy.id);
    const toHttps = new gcp.compute.URLMap(
      `${name}-to-https`,
      {
        defaultUrlRedirect: {
          httpsRedirect: true,
          redirectResponseCode: 'MOVED_PERMANENTLY_DEFAULT',
          stripQuery: false,
        },
      },
      own,
    );
    this.serveHttp(name, ip, toHttps);
  }

  private serveHttp(name: string, ip: pulumi.Input<string>, urlMap: gcp.compute.URLMap): void {
    const proxy = new gcp.compute.TargetHttpProxy(name, { urlMap: urlMap.id }, { parent: this });
    this.forward(`${name}-http`, ip, '80', proxy.id);
  }

  private forward(name: string, ipAddress: pulumi.Input<string>, portRange: string, target: pulumi.Input<string>) {
    new gcp.compute.GlobalForwardingRule(
      name,
      { loadBalancingScheme: 'EXTERNAL_MANAGED', ipProtocol: 'TCP', ipAddress, portRange, target },
      { parent: this },
    );
  }
}
