import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { googleApiAddresses } from './ranges.ts';

/** What instances talk to: the APIs, and the registry that images are pulled from. */
const domains = { apis: 'googleapis.com', registry: 'pkg.dev' };

/**
 * Inside the network the names of Google's APIs lead to the few addresses that the firewall lets through. Otherwise
 * the firewall would have to let everything through that listens on port 443.
 */
export class GoogleNames extends pulumi.ComponentResource {
  constructor(name: string, { network }: { network: pulumi.Input<string> }, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:network:GoogleNames', name, {}, opts);
    for (const [part, domain] of Object.entries(domains)) {
      const zone = new gcp.dns.ManagedZone(
        part,
        {
          dnsName: `${domain}.`,
          description: `${domain} by Private Google Access`,
          visibility: 'private',
          privateVisibilityConfig: { networks: [{ networkUrl: network }] },
        },
        { parent: this },
      );
      const record = (suffix: string, args: { name: string; type: string; rrdatas: string[] }) =>
        new gcp.dns.RecordSet(`${part}-${suffix}`, { managedZone: zone.name, ttl: 300, ...args }, { parent: this });
      record('address', { name: `${domain}.`, type: 'A', rrdatas: googleApiAddresses });
      record('any', { name: `*.${domain}.`, type: 'CNAME', rrdatas: [`${domain}.`] });
    }
    this.registerOutputs();
  }
}
