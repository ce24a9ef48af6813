import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';

export interface InstanceArgs {
  region: string;
  machineType: string;
  spot: boolean;
  diskGb: number;
  subnet: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  /** The `#cloud-config`. */
  userData: pulumi.Input<string>;
  labels: Record<string, string>;
}

/**
 * What an instance of a group is: Container-Optimized OS without a public address. A template cannot change, so it has
 * no name of its own and every change makes a new one.
 */
export function instanceTemplate(name: string, args: InstanceArgs, parent: pulumi.Resource) {
  return new gcp.compute.InstanceTemplate(
    name,
    {
      region: args.region,
      machineType: args.machineType,
      labels: args.labels,
      disks: [
        {
          boot: true,
          autoDelete: true,
          sourceImage: 'projects/cos-cloud/global/images/family/cos-125-lts',
          diskType: 'pd-balanced',
          diskSizeGb: args.diskGb,
          labels: args.labels,
        },
      ],
      networkInterfaces: [{ subnetwork: args.subnet }],
      // The scope is wide because IAM is narrow: rights are given to the identity, one by one.
      serviceAccount: { email: args.serviceAccount, scopes: ['https://www.googleapis.com/auth/cloud-platform'] },
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
      scheduling: scheduling(args.spot),
      metadata: {
        'user-data': args.userData,
        'google-logging-enabled': 'true',
        'google-monitoring-enabled': 'true',
        'enable-oslogin': 'TRUE',
        'block-project-ssh-keys': 'TRUE',
        'serial-port-enable': 'FALSE',
        // Instances are replaced, not updated.
        'cos-update-strategy': 'update_disabled',
      },
    },
    { parent },
  );
}

function scheduling(spot: boolean) {
  return spot
    ? {
        provisioningModel: 'SPOT',
        preemptible: true,
        automaticRestart: false,
        onHostMaintenance: 'TERMINATE',
        instanceTerminationAction: 'DELETE',
      }
    : { provisioningModel: 'STANDARD', automaticRestart: true, onHostMaintenance: 'MIGRATE' };
}
