import type * as pulumi from '@pulumi/pulumi';
import type { Database } from './database/database.ts';
import type { Surroundings } from './environment.ts';
import type { Media } from './media.ts';
import type { Migration } from './migration.ts';
import type { Firewall } from './network/firewall.ts';
import type { Network } from './network/network.ts';
import type { Queue } from './queue.ts';
import type { Registry } from './registry.ts';
import type { SigningSecret } from './signing-secret.ts';

/** What the programs stand on: each takes from it the rights it needs, and no more. */
export interface Platform {
  project: string;
  region: string;
  zones: readonly string[];
  labels: Record<string, string>;
  network: Network;
  firewall: Firewall;
  database: Database;
  migration: Migration;
  queue: Queue;
  media: Media;
  registry: Registry;
  signingSecret: SigningSecret;
  /** The image by digest. */
  image: pulumi.Output<string>;
  /** What their settings name. */
  surroundings: pulumi.Output<Surroundings>;
  /** Where the rights are: an instance that starts before it has them fails until it does. */
  grants: pulumi.Resource[];
}
