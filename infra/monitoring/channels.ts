import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

/** Where alerts go: to every address of the configuration. */
export class Channels extends pulumi.ComponentResource {
  /** Ids of the notification channels. */
  readonly ids: pulumi.Output<string>[];

  constructor(name: string, { emails }: { emails: readonly string[] }, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:monitoring:Channels', name, {}, opts);
    this.ids = emails.map(
      (email) =>
        new gcp.monitoring.NotificationChannel(
          email,
          { type: 'email', displayName: `Claqueta: ${email}`, labels: { email_address: email } },
          { parent: this },
        ).id,
    );
    this.registerOutputs();
  }
}
