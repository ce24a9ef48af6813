import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Identity } from '../identity.ts';
import type { Database } from './database.ts';

export interface LoginArgs {
  project: string;
  database: Database;
  identity: Identity;
  /** Database roles given by Cloud SQL. What programs may do with tables is granted by the migration that makes them. */
  databaseRoles?: string[];
}

/** A program's way into the database: a user without a password, who proves with IAM who he is. */
export class DatabaseLogin extends pulumi.ComponentResource {
  /** Name of the user. */
  readonly user: pulumi.Output<string>;

  constructor(name: string, args: LoginArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:database:Login', name, {}, opts);
    const { project, database, identity } = args;
    // These roles exist only for whole projects; the condition narrows them to our instance.
    const condition = {
      title: 'only-our-database',
      description: 'Only the database of Claqueta',
      expression: pulumi.interpolate`resource.name == "projects/${project}/instances/${database.instance}" && resource.service == "sqladmin.googleapis.com"`,
    };
    for (const role of ['cloudsql.client', 'cloudsql.instanceUser']) {
      new gcp.projects.IAMMember(
        `${name}-${role}`,
        { project, role: `roles/${role}`, member: identity.member, condition },
        { parent: this },
      );
    }
    this.user = new gcp.sql.User(
      name,
      {
        instance: database.instance,
        type: 'CLOUD_IAM_SERVICE_ACCOUNT',
        name: identity.databaseUser,
        databaseRoles: args.databaseRoles,
        // A user that owns tables cannot be dropped; he goes with the instance.
        deletionPolicy: 'ABANDON',
      },
      { parent: this },
    ).name;
    this.registerOutputs();
  }
}
