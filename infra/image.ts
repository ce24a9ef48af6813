import path from 'node:path';
import * as build from '@pulumi/docker-build';
import * as pulumi from '@pulumi/pulumi';
import type { Registry } from './registry.ts';

/** From the folder that Pulumi runs the program in, which is this one; an absolute path would differ on every machine. */
const repository = path.relative(process.cwd(), path.join(import.meta.dirname, '..')) || '.';

export interface ImageArgs {
  registry: Registry;
  /** Digest reference from the configuration; empty to build the image here. */
  given: string;
}

/** The image that all programs run, by digest: either the one that was given, or one built from this folder. */
export class Image extends pulumi.ComponentResource {
  /** The image as `host/name@sha256:…`. A new one makes new templates, so that the groups roll. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, { registry, given }: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:image:Image', name, {}, opts);
    this.reference = given === '' ? this.build(name, registry) : pulumi.output(given);
    this.registerOutputs();
  }

  private build(name: string, registry: Registry): pulumi.Output<string> {
    const image = new build.Image(
      name,
      {
        context: { location: repository },
        platforms: ['linux/amd64'],
        // Without a tag: a tag can be moved to another image, a digest cannot.
        exports: [{ image: { names: [registry.imageName], push: true, pushByDigest: true } }],
        push: false,
        buildOnPreview: false,
      },
      { parent: this },
    );
    return pulumi.interpolate`${registry.imageName}@${image.digest}`;
  }
}
