import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Database } from './database/database.ts';
import { DatabaseLogin } from './database/login.ts';
import { migrateEnvironment } from './environment.ts';
import { Identity } from './identity.ts';
import type { Firewall } from './network/firewall.ts';
import type { Network } from './network/network.ts';

/** The firewall knows this job by its tag. */
const TAG = 'claqueta-migrate';

export interface MigrationArgs {
  project: string;
  region: string;
  network: Network;
  firewall: Firewall;
  database: Database;
  image: pulumi.Output<string>;
  labels: Record<string, string>;
}

/**
 * Brings the database to the schema of an image, before any instance of that image is made. It runs in our network,
 * because the database has no other address, and it alone may change the schema.
 */
export class Migration extends pulumi.ComponentResource {
  /** To depend on: it is there when the migration of its image has succeeded, and fails when that failed. */
  readonly done: gcp.cloudrunv2.Job;

  constructor(name: string, args: MigrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:database:Migration', name, {}, opts);
    const { project, region, network, database, image } = args;
    const own = { parent: this };
    const identity = new Identity(name, { project, description: 'Changes the schema of the database' }, own);
    // The migration owns the tables, and grants to the other programs what they may do with them.
    const login = new DatabaseLogin(name, { project, database, identity, databaseRoles: ['cloudsqlsuperuser'] }, own);
    args.firewall.releaseToServices(name, { targetTags: [TAG] });

    const environment = pulumi
      .all([project, database.connectionName, database.database, login.user])
      .apply(([id, databaseInstance, databaseName, user]) =>
        migrateEnvironment({ project: id, databaseInstance, databaseName }, user),
      );
    this.done = new gcp.cloudrunv2.Job(
      name,
      {
        name: 'claqueta-migrate',
        location: region,
        labels: args.labels,
        deletionProtection: false,
        // Creating or changing the job also runs it, and waits for it; the same image has nothing to migrate twice.
        runExecutionToken: image.apply(tokenOf),
        template: {
          taskCount: 1,
          template: {
            serviceAccount: identity.email,
            maxRetries: 1,
            timeout: '900s',
            containers: [
              {
                image,
                commands: ['node'],
                args: ['--enable-source-maps', 'dist/shared/db/main.js'],
                envs: environment.apply((entries) =>
                  Object.entries(entries).map(([key, value]) => ({ name: key, value })),
                ),
                resources: { limits: { cpu: '1', memory: '512Mi' } },
              },
            ],
            vpcAccess: {
              egress: 'ALL_TRAFFIC',
              networkInterfaces: [{ network: network.id, subnetwork: network.front, tags: [TAG] }],
            },
          },
        },
      },
      { ...own, dependsOn: [login, args.firewall], customTimeouts: { create: '30m', update: '30m' } },
    );
    this.registerOutputs();
  }
}

/** Start of the image's digest: job name and token together may have 62 characters. */
function tokenOf(image: string): string {
  return image.slice(image.indexOf('sha256:') + 'sha256:'.length).slice(0, 12);
}
