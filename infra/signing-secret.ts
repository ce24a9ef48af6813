import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';

export interface SigningSecretArgs {
  region: string;
  /** Names of the secrets that are live: the first signs, all verify. A new name draws a new one. */
  secrets: string[];
  protect: boolean;
}

/**
 * The secret that log-ins are signed with, or two while it changes. It is drawn here, is kept encrypted in the state, and is fetched from
 * Secret Manager by the program that needs it.
 */
export class SigningSecret extends pulumi.ComponentResource {
  /** Resource name of the version in use. A new one changes the web template, so that the group rolls. */
  readonly version: pulumi.Output<string>;
  private readonly secret: gcp.secretmanager.Secret;

  constructor(name: string, { region, secrets, protect }: SigningSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:secret:SigningSecret', name, {}, opts);
    const own = { parent: this };
    this.secret = new gcp.secretmanager.Secret(
      name,
      {
        secretId: 'claqueta-signing',
        replication: { userManaged: { replicas: [{ location: region }] } },
        deletionProtection: protect,
        versionDestroyTtl: '86400s',
      },
      { ...own, protect },
    );
    const drawn = secrets.map((secret) => new random.RandomBytes(secret, { length: 32 }, own).base64);
    this.version = new gcp.secretmanager.SecretVersion(
      name,
      {
        secret: this.secret.id,
        secretData: pulumi.all(drawn).apply((texts) => texts.join(' ')),
        deletionPolicy: 'DISABLE',
      },
      own,
    ).name;
    this.registerOutputs();
  }

  /** Lets a program read the secret. */
  allowRead(program: string, member: pulumi.Input<string>): void {
    new gcp.secretmanager.SecretIamMember(
      `${program}-signing`,
      { secretId: this.secret.id, role: 'roles/secretmanager.secretAccessor', member },
      { parent: this },
    );
  }
}
