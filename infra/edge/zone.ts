import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

export interface ZoneArgs {
  domain: string;
  ip: pulumi.Input<string>;
}

/** The names that a domain is served under. */
export function hostsOf(domain: string): { apex: string; www: string } {
  return { apex: domain, www: `www.${domain}` };
}

/** The public DNS zone of the domain: apex and www lead to the balancer. */
export class Zone extends pulumi.ComponentResource {
  /** Name servers that the domain's registrar has to be told. */
  readonly nameServers: pulumi.Output<string[]>;
  private readonly zone: gcp.dns.ManagedZone;

  constructor(name: string, { domain, ip }: ZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:edge:Zone', name, {}, opts);
    this.zone = new gcp.dns.ManagedZone(
      name,
      { dnsName: `${domain}.`, description: `Names of ${domain}`, visibility: 'public', dnssecConfig: { state: 'on' } },
      { parent: this },
    );
    this.nameServers = this.zone.nameServers;
    for (const [which, host] of Object.entries(hostsOf(domain))) {
      this.record(which, { name: `${host}.`, type: 'A', rrdatas: [ip] });
    }
    this.registerOutputs();
  }

  /** Adds a record to the zone. */
  record(
    name: string,
    args: { name: pulumi.Input<string>; type: pulumi.Input<string>; rrdatas: pulumi.Input<string>[] },
  ): void {
    new gcp.dns.RecordSet(name, { managedZone: this.zone.name, ttl: 300, ...args }, { parent: this });
  }
}
