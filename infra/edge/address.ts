import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

export interface AddressArgs {
  domain: string;
  protect: boolean;
}

/** The fixed address of the service, which the domain points to and which survives every change of the balancer. */
export class Address extends pulumi.ComponentResource {
  /** The IPv4 address. */
  readonly ip: pulumi.Output<string>;
  /** Host that clients name: the domain, or the bare address of a trial. */
  readonly host: pulumi.Output<string>;
  /** Where clients reach the service. */
  readonly publicUrl: pulumi.Output<string>;

  constructor(name: string, { domain, protect }: AddressArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:edge:Address', name, {}, opts);
    this.ip = new gcp.compute.GlobalAddress(
      name,
      { addressType: 'EXTERNAL', ipVersion: 'IPV4' },
      { parent: this, protect },
    ).address;
    this.host = domain ? pulumi.output(domain) : this.ip;
    this.publicUrl = pulumi.interpolate`${domain ? 'https' : 'http'}://${this.host}`;
    this.registerOutputs();
  }
}
