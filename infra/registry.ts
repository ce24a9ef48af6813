import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

export interface RegistryArgs {
  project: string;
  region: string;
}

/** The private registry of our image. */
export class Registry extends pulumi.ComponentResource {
  /** Host of the registry, as Docker logs in to it. */
  readonly host: string;
  /** Name of the image, without tag and digest. */
  readonly imageName: pulumi.Output<string>;
  private readonly args: RegistryArgs;
  private readonly repository: gcp.artifactregistry.Repository;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:registry:Registry', name, {}, opts);
    this.args = args;
    this.host = `${args.region}-docker.pkg.dev`;
    this.repository = new gcp.artifactregistry.Repository(
      name,
      {
        location: args.region,
        repositoryId: 'claqueta',
        format: 'DOCKER',
        dockerConfig: { immutableTags: true },
        vulnerabilityScanningConfig: { enablementConfig: 'INHERITED' },
        // Images are pushed by digest, so all are untagged. The last ten stay to roll back to, however old.
        cleanupPolicies: [
          { id: 'keep-last', action: 'KEEP', mostRecentVersions: { keepCount: 10 } },
          { id: 'delete-old', action: 'DELETE', condition: { olderThan: '2592000s', tagState: 'UNTAGGED' } },
        ],
      },
      { parent: this },
    );
    this.imageName = pulumi.interpolate`${this.host}/${args.project}/${this.repository.repositoryId}/claqueta`;
    this.registerOutputs();
  }

  /** Lets a program's instances pull the image. */
  allowPull(program: string, member: pulumi.Input<string>): void {
    this.allow(`${program}-pull`, 'roles/artifactregistry.reader', member);
  }

  /** Lets the delivery pipeline push the image. */
  allowPush(program: string, member: pulumi.Input<string>): void {
    this.allow(`${program}-push`, 'roles/artifactregistry.writer', member);
  }

  private allow(name: string, role: string, member: pulumi.Input<string>): void {
    new gcp.artifactregistry.RepositoryIamMember(
      name,
      { project: this.args.project, location: this.args.region, repository: this.repository.name, role, member },
      { parent: this },
    );
  }
}
