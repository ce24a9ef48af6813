import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { GoogleNames } from './google-names.ts';
import { ranges } from './ranges.ts';

export interface NetworkArgs {
  region: string;
}

/**
 * The network: `front` for what the balancer reaches, `back` for workers, which nothing from outside reaches and which
 * alone have a way out, and a range for Google's side of the database.
 */
export class Network extends pulumi.ComponentResource {
  /** The network's id. */
  readonly id: pulumi.Output<string>;
  /** Subnet of the web instances and the migration. Without NAT: they need nothing but Google and the database. */
  readonly front: pulumi.Output<string>;
  /** Subnet of the workers, with NAT, because they fetch sources. */
  readonly back: pulumi.Output<string>;
  /** Name of the range that the database takes its address from. */
  readonly databaseRange: pulumi.Output<string>;
  /** To depend on before anything with a private address of Google's services. */
  readonly peering: gcp.servicenetworking.Connection;

  constructor(name: string, { region }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:network:Network', name, {}, opts);
    const own = { parent: this };
    const network = new gcp.compute.Network(name, { autoCreateSubnetworks: false, routingMode: 'REGIONAL' }, own);
    this.id = network.id;

    const subnet = (part: 'front' | 'back') =>
      new gcp.compute.Subnetwork(
        part,
        {
          region,
          network: network.id,
          ipCidrRange: ranges[part],
          privateIpGoogleAccess: true,
          logConfig: {
            aggregationInterval: 'INTERVAL_5_SEC',
            flowSampling: 0.5,
            metadata: 'INCLUDE_ALL_METADATA',
          },
        },
        own,
      ).id;
    this.front = subnet('front');
    this.back = subnet('back');

    const router = new gcp.compute.Router(name, { region, network: network.id }, own);
    new gcp.compute.RouterNat(
      name,
      {
        region,
        router: router.name,
        natIpAllocateOption: 'AUTO_ONLY',
        sourceSubnetworkIpRangesToNat: 'LIST_OF_SUBNETWORKS',
        subnetworks: [{ name: this.back, sourceIpRangesToNats: ['ALL_IP_RANGES'] }],
        enableDynamicPortAllocation: true,
        // Not possible together with ports that are handed out as they are needed.
        enableEndpointIndependentMapping: false,
        minPortsPerVm: 64,
        maxPortsPerVm: 4096,
        logConfig: { enable: true, filter: 'ERRORS_ONLY' },
      },
      own,
    );

    const [address, prefixLength] = ranges.database.split('/');
    const range = new gcp.compute.GlobalAddress(
      'database',
      {
        purpose: 'VPC_PEERING',
        addressType: 'INTERNAL',
        address,
        prefixLength: Number(prefixLength),
        network: network.id,
      },
      own,
    );
    this.databaseRange = range.name;
    this.peering = new gcp.servicenetworking.Connection(
      'google',
      {
        network: network.id,
        service: 'servicenetworking.googleapis.com',
        reservedPeeringRanges: [range.name],
        // Google keeps its end for days after the database is gone; without this `destroy` waits for it and fails.
        deletionPolicy: 'ABANDON',
      },
      own,
    );

    new GoogleNames('google', { network: network.id }, own);
    this.registerOutputs();
  }
}
