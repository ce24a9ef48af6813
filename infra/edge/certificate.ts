import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { hostsOf, type Zone } from './zone.ts';

export interface CertificateArgs {
  domain: string;
  zone: Zone;
}

/** The managed certificate of apex and www. It is proved by DNS, so that it can be there before the balancer is. */
export class Certificate extends pulumi.ComponentResource {
  /** Certificate map as an HTTPS proxy names it. */
  readonly map: pulumi.Output<string>;

  constructor(name: string, { domain, zone }: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:edge:Certificate', name, {}, opts);
    const own = { parent: this };
    const hosts = Object.entries(hostsOf(domain));
    const authorizations = hosts.map(([which, host]) => {
      const authorization = new gcp.certificatemanager.DnsAuthorization(
        which,
        { domain: host, type: 'PER_PROJECT_RECORD' },
        own,
      );
      const proof = authorization.dnsResourceRecords.apply(([record]) => {
        if (!record) throw new Error(`There is no DNS record to prove ${host} by.`);
        return record;
      });
      zone.record(`${which}-proof`, { name: proof.name, type: proof.type, rrdatas: [proof.data] });
      return authorization.id;
    });
    const certificate = new gcp.certificatemanager.Certificate(
      name,
      { scope: 'DEFAULT', managed: { domains: hosts.map(([, host]) => host), dnsAuthorizations: authorizations } },
      own,
    );
    const map = new gcp.certificatemanager.CertificateMap(name, {}, own);
    for (const [which, host] of hosts) {
      new gcp.certificatemanager.CertificateMapEntry(
        which,
        { map: map.name, hostname: host, certificates: [certificate.id] },
        own,
      );
    }
    this.map = pulumi.interpolate`//certificatemanager.googleapis.com/${map.id}`;
    this.registerOutputs();
  }
}
