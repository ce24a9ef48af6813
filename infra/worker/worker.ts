import * as pulumi from '@pulumi/pulumi';
import { DatabaseLogin } from '../database/login.ts';
import { ports, WORK_DIR, workerEnvironment } from '../environment.ts';
import { cloudConfig } from '../group/cloud-init.ts';
import { Group } from '../group/group.ts';
import type { Scaling } from '../group/scaling.ts';
import { Identity } from '../identity.ts';
import type { Platform } from '../platform.ts';

export interface WorkerArgs {
  platform: Platform;
  machineTypes: readonly string[];
  spot: boolean;
  diskGb: number;
  scaling: pulumi.Input<Scaling>;
}

/** The workers: their identity, what it may do, and the group that nothing from outside reaches. */
export class Worker extends pulumi.ComponentResource {
  /** The group of instances. */
  readonly group: Group;
  /** Who they are. */
  readonly identity: Identity;

  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:worker:Worker', name, {}, opts);
    const own = { parent: this };
    const { platform, diskGb } = args;
    const { project, network, firewall } = platform;
    this.identity = new Identity(
      name,
      {
        project,
        description: 'Fetches sources and makes clips',
        projectRoles: ['roles/logging.logWriter', 'roles/monitoring.metricWriter'],
      },
      own,
    );
    const { email, member } = this.identity;
    const login = new DatabaseLogin(name, { project, database: platform.database, identity: this.identity }, own);
    platform.queue.allowListen(name, member);
    // A source that was planned is announced part by part, and the sweep announces again.
    platform.queue.allowAnnounce(name, member);
    platform.media.allowFiles(name, member);
    platform.registry.allowPull(name, member);
    // The healing check alone: a worker serves nothing.
    firewall.admitBalancer(name, email, ports.workerHealth);
    firewall.releaseToServices(name, { targetServiceAccounts: [email] });
    firewall.releaseToInternet(name, { targetServiceAccounts: [email] });

    this.group = new Group(
      name,
      {
        region: platform.region,
        zones: platform.zones,
        machineTypes: args.machineTypes,
        spot: args.spot,
        diskGb,
        subnet: network.back,
        serviceAccount: email,
        labels: { ...platform.labels, program: name },
        port: ports.workerHealth,
        scaling: args.scaling,
        userData: pulumi.all([platform.image, platform.surroundings, login.user]).apply(([image, around, user]) =>
          cloudConfig({
            name,
            image,
            command: ['node', '--enable-source-maps', 'dist/worker/main.js'],
            environment: workerEnvironment(around, user, diskGb),
            port: ports.workerHealth,
            workDir: WORK_DIR,
          }),
        ),
      },
      { ...own, dependsOn: [platform.migration.done, login, this.identity, ...platform.grants] },
    );
    this.registerOutputs();
  }
}
