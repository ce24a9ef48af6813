import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Network } from '../network/network.ts';
import { databaseFlags, type Fleet } from './flags.ts';

export interface DatabaseArgs {
  region: string;
  network: Network;
  tier: string;
  highlyAvailable: boolean;
  diskGb: number;
  diskLimitGb: number;
  fleet: Fleet;
  labels: Record<string, string>;
  protect: boolean;
}

/** Postgres on Cloud SQL: private, encrypted, recoverable to any second of the last week, hard to delete. */
export class Database extends pulumi.ComponentResource {
  /** Name of the instance. */
  readonly instance: pulumi.Output<string>;
  /** What the connector calls it: `project:region:instance`. */
  readonly connectionName: pulumi.Output<string>;
  /** Name of the database in it. */
  readonly database: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:database:Database', name, {}, opts);
    const { network, protect } = args;
    // Named by Pulumi: Cloud SQL does not give out a name again for a week after its instance is deleted.
    const instance = new gcp.sql.DatabaseInstance(
      name,
      {
        region: args.region,
        databaseVersion: 'POSTGRES_17',
        deletionProtection: protect,
        settings: {
          // From version 16 on the default is Enterprise Plus, which does not know custom machine types.
          edition: 'ENTERPRISE',
          tier: args.tier,
          availabilityType: args.highlyAvailable ? 'REGIONAL' : 'ZONAL',
          diskType: 'PD_SSD',
          diskSize: args.diskGb,
          diskAutoresize: true,
          diskAutoresizeLimit: args.diskLimitGb,
          deletionProtectionEnabled: protect,
          retainBackupsOnDelete: true,
          userLabels: args.labels,
          ipConfiguration: {
            ipv4Enabled: false,
            privateNetwork: network.id,
            allocatedIpRange: network.databaseRange,
            sslMode: 'ENCRYPTED_ONLY',
          },
          backupConfiguration: {
            enabled: true,
            startTime: '03:00',
            location: args.region,
            pointInTimeRecoveryEnabled: true,
            transactionLogRetentionDays: 7,
            backupRetentionSettings: { retainedBackups: 14, retentionUnit: 'COUNT' },
          },
          finalBackupConfig: { enabled: true, retentionDays: 30 },
          insightsConfig: {
            queryInsightsEnabled: true,
            queryStringLength: 1024,
            recordApplicationTags: true,
            recordClientAddress: false,
          },
          maintenanceWindow: { day: 7, hour: 4, updateTrack: 'stable' },
          databaseFlags: databaseFlags(args.fleet),
        },
      },
      // Cloud SQL enlarges the disk by itself; the size of the day it was created must not come back.
      { parent: this, dependsOn: network.peering, protect, ignoreChanges: ['settings.diskSize'] },
    );
    this.instance = instance.name;
    this.connectionName = instance.connectionName;
    this.database = new gcp.sql.Database(
      name,
      { name: 'claqueta', instance: instance.name, deletionPolicy: 'ABANDON' },
      { parent: this, protect },
    ).name;
    this.registerOutputs();
  }
}
