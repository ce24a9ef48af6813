import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

const services = [
  'artifactregistry',
  'billingbudgets',
  'certificatemanager',
  'cloudkms',
  'compute',
  'dns',
  'iam',
  'iamcredentials',
  'iap',
  'logging',
  'monitoring',
  'oslogin',
  'pubsub',
  'run',
  'secretmanager',
  'servicenetworking',
  'sqladmin',
  'storage',
  'sts',
] as const;

/** The Google APIs that the deployment uses. Whatever is created first in its corner waits for them. */
export class Apis extends pulumi.ComponentResource {
  /** To depend on. */
  readonly enabled: pulumi.Resource[];

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:project:Apis', name, {}, opts);
    this.enabled = services.map(
      (service) =>
        // An API may be in use by others in the project, so it outlives this stack.
        new gcp.projects.Service(
          service,
          { service: `${service}.googleapis.com`, disableOnDestroy: false },
          { parent: this },
        ),
    );
    this.registerOutputs();
  }
}
