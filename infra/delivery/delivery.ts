import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { Identity } from '../identity.ts';
import type { Registry } from '../registry.ts';
import { deployerRoles, previewerRoles } from './roles.ts';

export interface DeliveryArgs {
  project: string;
  /** GitHub repository, owner/name. */
  repository: string;
  registry: Registry;
  /** Where the state is, and the key that encrypts the secrets in it. Both are older than this program. */
  stateBucket: string;
  stateKey: string;
  billingAccount: string;
}

/**
 * GitHub Actions as identities here, without a key: GitHub vouches for a workflow, and Google believes it for one
 * repository. Its main branch may deploy. A pull request, which anyone may change, may only preview.
 */
export class Delivery extends pulumi.ComponentResource {
  /** Resource name of the provider, for the workflow. */
  readonly provider: pulumi.Output<string>;
  /** Account that deploys from main. */
  readonly deployer: pulumi.Output<string>;
  /** Account that previews pull requests. */
  readonly previewer: pulumi.Output<string>;

  constructor(name: string, args: DeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:delivery:Delivery', name, {}, opts);
    const own = { parent: this };
    const { project, repository } = args;
    const pool = new gcp.iam.WorkloadIdentityPool(
      name,
      { workloadIdentityPoolId: 'github', displayName: 'GitHub Actions' },
      own,
    );
    this.provider = new gcp.iam.WorkloadIdentityPoolProvider(
      name,
      {
        workloadIdentityPoolId: pool.workloadIdentityPoolId,
        workloadIdentityPoolProviderId: 'github',
        attributeMapping: {
          'google.subject': 'assertion.sub',
          'attribute.ref': 'assertion.repository + "@" + assertion.ref',
          'attribute.event': 'assertion.repository + "@" + assertion.event_name',
        },
        attributeCondition: mayEnter(repository),
        oidc: { issuerUri: 'https://token.actions.githubusercontent.com' },
      },
      own,
    ).name;

    const deployer = new Identity(
      'deployer',
      { project, description: 'Deploys from the main branch', projectRoles: deployerRoles },
      own,
    );
    args.registry.allowPush('deployer', deployer.member);
    const previewer = new Identity(
      'previewer',
      { project, description: 'Previews pull requests', projectRoles: previewerRoles },
      own,
    );
    this.letIn(deployer, 'deployer', pulumi.interpolate`${pool.name}/attribute.ref/${repository}@refs/heads/main`);
    this.letIn(previewer, 'previewer', pulumi.interpolate`${pool.name}/attribute.event/${repository}@pull_request`);
    this.allowState(args, deployer, 'deployer', 'roles/storage.objectUser');
    this.allowState(args, previewer, 'previewer', 'roles/storage.objectViewer');
    if (args.billingAccount) {
      new gcp.billing.AccountIamMember(
        'deployer-budget',
        { billingAccountId: args.billingAccount, role: 'roles/billing.costsManager', member: deployer.member },
        own,
      );
    }
    this.deployer = deployer.email;
    this.previewer = previewer.email;
    this.registerOutputs();
  }

  private letIn(identity: Identity, who: string, workflows: pulumi.Output<string>): void {
    new gcp.serviceaccount.IAMMember(
      `${who}-github`,
      {
        serviceAccountId: identity.accountName,
        role: 'roles/iam.workloadIdentityUser',
        member: pulumi.interpolate`principalSet://iam.googleapis.com/${workflows}`,
      },
      { parent: this },
    );
  }

  private allowState({ stateBucket, stateKey }: DeliveryArgs, { member }: Identity, who: string, role: string): void {
    new gcp.storage.BucketIAMMember(`${who}-state`, { bucket: stateBucket, role, member }, { parent: this });
    new gcp.kms.CryptoKeyIAMMember(
      `${who}-state-key`,
      { cryptoKeyId: stateKey, role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter', member },
      { parent: this },
    );
  }
}

/** Anyone on GitHub can ask for a token. This lets in one repository, and of that main and pull requests alone. */
function mayEnter(repository: string): string {
  return (
    `assertion.repository == '${repository}' && ` +
    `(assertion.ref == 'refs/heads/main' || assertion.event_name == 'pull_request')`
  );
}
