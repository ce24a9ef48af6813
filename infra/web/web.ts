import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { DatabaseLogin } from '../database/login.ts';
import { ports, webEnvironment } from '../environment.ts';
import { cloudConfig } from '../group/cloud-init.ts';
import { Group } from '../group/group.ts';
import type { Scaling } from '../group/scaling.ts';
import { Identity } from '../identity.ts';
import type { Platform } from '../platform.ts';

export interface WebArgs {
  platform: Platform;
  machineType: string;
  scaling: Scaling;
}

/** The web servers: their identity, what it may do, and the group behind the balancer. */
export class Web extends pulumi.ComponentResource {
  /** The group of instances. */
  readonly group: Group;
  /** Who they are. */
  readonly identity: Identity;

  constructor(name: string, { platform, machineType, scaling }: WebArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:web:Web', name, {}, opts);
    const own = { parent: this };
    const { project, network, firewall } = platform;
    this.identity = new Identity(
      name,
      {
        project,
        description: 'Serves the API',
        projectRoles: ['roles/logging.logWriter', 'roles/monitoring.metricWriter'],
      },
      own,
    );
    const { email, member } = this.identity;
    const login = new DatabaseLogin(name, { project, database: platform.database, identity: this.identity }, own);
    platform.queue.allowAnnounce(name, member);
    platform.media.allowFiles(name, member);
    platform.registry.allowPull(name, member);
    platform.signingSecret.allowRead(name, member);
    // Signed addresses of clips are signed as itself, by Google: there is no key that could be lost.
    new gcp.serviceaccount.IAMMember(
      `${name}-sign`,
      { serviceAccountId: this.identity.accountName, role: 'roles/iam.serviceAccountTokenCreator', member },
      own,
    );
    firewall.admitBalancer(name, email, ports.web);
    firewall.releaseToServices(name, { targetServiceAccounts: [email] });

    this.group = new Group(
      name,
      {
        region: platform.region,
        zones: platform.zones,
        machineTypes: [machineType],
        spot: false,
        diskGb: 20,
        subnet: network.front,
        serviceAccount: email,
        labels: { ...platform.labels, program: name },
        port: ports.web,
        scaling,
        userData: pulumi.all([platform.image, platform.surroundings, login.user]).apply(([image, around, user]) =>
          cloudConfig({
            name,
            image,
            command: ['node', '--enable-source-maps', 'dist/web/main.js'],
            environment: webEnvironment(around, user),
            port: ports.web,
          }),
        ),
      },
      { ...own, dependsOn: [platform.migration.done, login, this.identity, ...platform.grants] },
    );
    this.registerOutputs();
  }
}
