import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

export interface IdentityArgs {
  /** What the operator reads in the list of service accounts. */
  description: string;
  project: string;
  /** Roles in the whole project; only those that cannot be given on a resource. */
  projectRoles?: string[];
}

/** A service account of one program alone. It has no keys; grants on resources stand beside the program. */
export class Identity extends pulumi.ComponentResource {
  /** The account's address. */
  readonly email: pulumi.Output<string>;
  /** The account as IAM writes it: `serviceAccount:…`. */
  readonly member: pulumi.Output<string>;
  /** The account as a resource, to grant others rights over it. */
  readonly accountName: pulumi.Output<string>;
  /** The account as a user of Cloud SQL, which leaves out the last part because Postgres cuts long names. */
  readonly databaseUser: pulumi.Output<string>;

  constructor(name: string, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:project:Identity', name, {}, opts);
    const account = new gcp.serviceaccount.Account(
      name,
      { accountId: `claqueta-${name}`, displayName: `Claqueta ${name}`, description: args.description },
      { parent: this },
    );
    this.email = account.email;
    this.member = pulumi.interpolate`serviceAccount:${account.email}`;
    this.accountName = account.name;
    this.databaseUser = account.email.apply((email) => email.replace(/\.gserviceaccount\.com$/, ''));
    for (const role of args.projectRoles ?? []) {
      const short = role.replace('roles/', '');
      new gcp.projects.IAMMember(
        `${name}-${short}`,
        { project: args.project, role, member: this.member },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
