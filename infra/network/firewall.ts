import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { ranges } from './ranges.ts';

const logConfig = { metadata: 'INCLUDE_ALL_METADATA' };

/**
 * Ports of Cloud SQL: 5432 is Postgres, for `psql` by an operator; 3307 is where Cloud SQL's connector, which our
 * programs use, speaks TLS with certificates that last an hour.
 */
export const databasePorts = ['5432', '3307'];

export interface FirewallArgs {
  network: pulumi.Input<string>;
}

/** Everything is closed, both ways. What a program needs is opened for its identity, beside the program. */
export class Firewall extends pulumi.ComponentResource {
  private readonly network: pulumi.Input<string>;

  constructor(name: string, { network }: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:network:Firewall', name, {}, opts);
    this.network = network;
    // Incoming is closed by default, but only an own rule is logged.
    for (const direction of ['INGRESS', 'EGRESS'] as const) {
      this.rule(`deny-${direction.toLowerCase()}`, {
        direction,
        priority: 65_534,
        denies: [{ protocol: 'all' }],
        ...(direction === 'INGRESS' ? { sourceRanges: [ranges.anywhere] } : { destinationRanges: [ranges.anywhere] }),
      });
    }
    this.registerOutputs();
  }

  /** Lets in health checks, and the balancer, on one port. */
  admitBalancer(program: string, to: pulumi.Input<string>, port: number): void {
    this.rule(`${program}-balancer`, {
      direction: 'INGRESS',
      sourceRanges: [...ranges.balancer],
      targetServiceAccounts: [to],
      allows: [{ protocol: 'tcp', ports: [String(port)] }],
    });
  }

  /** Lets operators in over IAP, and nobody else. */
  admitOperators(to: pulumi.Input<string>[]): void {
    this.rule('operators', {
      direction: 'INGRESS',
      sourceRanges: [ranges.iap],
      targetServiceAccounts: to,
      allows: [{ protocol: 'tcp', ports: ['22'] }],
    });
  }

  /** Lets a program reach the database and Google's APIs. */
  releaseToServices(program: string, from: Sender): void {
    this.rule(`${program}-database`, {
      direction: 'EGRESS',
      priority: 900,
      destinationRanges: [ranges.database],
      allows: [{ protocol: 'tcp', ports: databasePorts }],
      ...from,
    });
    this.rule(`${program}-google`, {
      direction: 'EGRESS',
      destinationRanges: [ranges.googleApis],
      allows: [{ protocol: 'tcp', ports: ['443'] }],
      ...from,
    });
  }

  /** Lets workers fetch sources from the internet, but from nowhere inside, should the checks of the code ever fail. */
  releaseToInternet(program: string, from: Sender): void {
    this.rule(`${program}-not-inside`, {
      direction: 'EGRESS',
      priority: 950,
      destinationRanges: [...ranges.notPublic],
      denies: [{ protocol: 'all' }],
      ...from,
    });
    this.rule(`${program}-internet`, {
      direction: 'EGRESS',
      destinationRanges: [ranges.anywhere],
      allows: [{ protocol: 'tcp', ports: ['80', '443'] }],
      ...from,
    });
  }

  private rule(name: string, args: Omit<gcp.compute.FirewallArgs, 'network'>): void {
    new gcp.compute.Firewall(name, { priority: 1000, ...args, network: this.network, logConfig }, { parent: this });
  }
}

/** Whom an outgoing rule is for. Cloud Run has no service account in the firewall's eyes, so it goes by a tag. */
export type Sender = { targetServiceAccounts: pulumi.Input<string>[] } | { targetTags: string[] };
