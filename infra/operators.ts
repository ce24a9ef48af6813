import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Identity } from './identity.ts';
import type { Firewall } from './network/firewall.ts';

export interface OperatorsArgs {
  project: string;
  /** IAM members: `user:…` or `group:…`. */
  members: readonly string[];
  firewall: Firewall;
  /** Whose instances they may log in to. */
  programs: readonly Identity[];
}

/** People who may log in to instances: by their own account, over IAP. There are no SSH keys to hand around. */
export class Operators extends pulumi.ComponentResource {
  constructor(name: string, args: OperatorsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:project:Operators', name, {}, opts);
    const { project, members, firewall, programs } = args;
    firewall.admitOperators(programs.map(({ email }) => email));
    members.forEach((member, index) => {
      for (const role of ['iap.tunnelResourceAccessor', 'compute.osLogin']) {
        new gcp.projects.IAMMember(
          `${name}-${index}-${role}`,
          { project, role: `roles/${role}`, member },
          { parent: this },
        );
      }
      programs.forEach(({ accountName }, program) => {
        // OS Login asks for it on instances that run as a service account: whoever is on one can act as it.
        new gcp.serviceaccount.IAMMember(
          `${name}-${index}-as-${program}`,
          { serviceAccountId: accountName, role: 'roles/iam.serviceAccountUser', member },
          { parent: this },
        );
      });
    });
    this.registerOutputs();
  }
}
