import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

const DAY = 86_400;

export interface MediaArgs {
  region: string;
  /** Addresses whose pages may play and download clips, and upload sources straight to the bucket. */
  origins: pulumi.Input<pulumi.Input<string>[]>;
  labels: Record<string, string>;
  protect: boolean;
}

/** The bucket of sources and clips. */
export class Media extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: MediaArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:storage:Media', name, {}, opts);
    const bucket = new gcp.storage.Bucket(
      name,
      {
        location: args.region.toUpperCase(),
        storageClass: 'STANDARD',
        uniformBucketLevelAccess: true,
        publicAccessPrevention: 'enforced',
        // What a task's owner deletes can be brought back for a week, and then is gone.
        softDeletePolicy: { retentionDurationSeconds: 7 * DAY },
        forceDestroy: !args.protect,
        labels: args.labels,
        cors: [
          {
            origins: args.origins,
            methods: ['GET', 'HEAD', 'PUT'],
            responseHeaders: ['Content-Type', 'Content-Length', 'Content-Range', 'Accept-Ranges', 'Range'],
            maxAgeSeconds: 3600,
          },
        ],
        lifecycleRules: [
          {
            // Sources are read while their task runs and hardly ever after.
            action: { type: 'SetStorageClass', storageClass: 'NEARLINE' },
            condition: { age: 30, matchesPrefixes: ['sources/'], matchesStorageClasses: ['STANDARD'] },
          },
          {
            action: { type: 'SetStorageClass', storageClass: 'NEARLINE' },
            condition: { age: 90, matchesPrefixes: ['clips/'], matchesStorageClasses: ['STANDARD'] },
          },
          { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } },
        ],
      },
      { parent: this, protect: args.protect },
    );
    this.bucket = bucket.name;
    this.registerOutputs();
  }

  /** Lets a program read, write and remove files, and nothing about the bucket itself. */
  allowFiles(program: string, member: pulumi.Input<string>): void {
    new gcp.storage.BucketIAMMember(
      `${program}-files`,
      { bucket: this.bucket, role: 'roles/storage.objectUser', member },
      { parent: this },
    );
  }
}
