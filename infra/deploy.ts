import * as pulumi from '@pulumi/pulumi';
import { Apis } from './apis.ts';
import { Budget } from './budget.ts';
import type { Deployment } from './config.ts';
import { Database } from './database/database.ts';
import { connectionLimit } from './database/flags.ts';
import { Delivery } from './delivery/delivery.ts';
import { Address } from './edge/address.ts';
import { Balancer } from './edge/balancer.ts';
import { Certificate } from './edge/certificate.ts';
import { Zone } from './edge/zone.ts';
import { Image } from './image.ts';
import { Media } from './media.ts';
import { Migration } from './migration.ts';
import { Channels } from './monitoring/channels.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { watchedGroups } from './monitoring/watched-groups.ts';
import { Firewall } from './network/firewall.ts';
import { Network } from './network/network.ts';
import { Operators } from './operators.ts';
import type { Platform } from './platform.ts';
import { Queue } from './queue.ts';
import { Registry } from './registry.ts';
import { webScaling, workerScaling } from './scalings.ts';
import { SigningSecret } from './signing-secret.ts';
import { Web } from './web/web.ts';
import { Worker } from './worker/worker.ts';

/** The whole deployment, in the order in which it comes to be. @returns what `pulumi stack output` shows */
export function deploy(config: Deployment) {
  const { project, region, zones, labels, protectData: protect } = config;
  const apis = new Apis('apis');
  const afterApis = { dependsOn: apis.enabled };
  const place = { project, region };

  const network = new Network('claqueta', { region }, afterApis);
  const firewall = new Firewall('firewall', { network: network.id }, afterApis);
  const address = new Address('balancer', { domain: config.edge.domain, protect }, afterApis);
  const database = new Database(
    'claqueta',
    { region, network, ...config.database, fleet: config, labels, protect },
    afterApis,
  );
  const media = new Media('media', { region, origins: [address.publicUrl], labels, protect }, afterApis);
  const queue = new Queue('steps', place, afterApis);
  const signingSecret = new SigningSecret('signing', { region, secrets: config.signingSecrets, protect }, afterApis);
  const registry = new Registry('images', place, afterApis);
  const image = new Image('claqueta', { registry, given: config.image }, afterApis).reference;
  const migration = new Migration('migrate', { ...place, network, firewall, database, image, labels }, afterApis);

  const platform: Platform = {
    ...{ project, region, zones, labels, network, firewall, database, migration, queue, media, registry },
    ...{ signingSecret, image },
    grants: [firewall, media, queue, registry, signingSecret],
    surroundings: pulumi.output({
      project,
      publicUrl: address.publicUrl,
      topic: queue.topic,
      subscription: queue.subscription,
      bucket: media.bucket,
      databaseInstance: database.connectionName,
      databaseName: database.database,
      signingSecret: signingSecret.version,
      runbooksUrl: config.alerts.runbooksUrl,
    }),
  };
  const web = new Web('web', { platform, machineType: config.web.machineType, scaling: webScaling(config.web) });
  const worker = new Worker('worker', {
    platform,
    ...config.worker,
    scaling: queue.subscription.apply((subscription) => workerScaling(config.worker, subscription)),
  });
  new Operators('operators', {
    project,
    members: config.operators,
    firewall,
    programs: [web.identity, worker.identity],
  });

  const { domain, requestsPerMinute } = config.edge;
  const zone = domain ? new Zone('domain', { domain, ip: address.ip }, afterApis) : undefined;
  const certificate = zone && new Certificate('domain', { domain, zone }, afterApis);
  const balancer = new Balancer('web', {
    ip: address.ip,
    instanceGroup: web.group.instanceGroup,
    certificateMap: certificate?.map,
    requestsPerMinute,
  });

  const channels = new Channels('operators', { emails: config.alerts.emails }, afterApis);
  if (config.budget.billingAccount) {
    new Budget('monthly', { ...config.budget, projectNumber: config.projectNumber, channels: channels.ids }, afterApis);
  }
  const { runbooksUrl, groupSizeAbove: sizeAbove } = config.alerts;
  new Monitoring('claqueta', {
    channels: channels.ids,
    runbooksUrl,
    sizeAbove,
    groups: watchedGroups(config, { web: web.group, worker: worker.group, subscription: queue.subscription }),
    host: address.host,
    secure: domain !== '',
    watched: {
      project,
      subscription: queue.subscription,
      deadSubscription: queue.deadSubscription,
      urlMap: balancer.urlMap,
      shortBackend: balancer.shortBackend,
      answersPublicly: domain === '' || config.edge.domainLive,
      databaseInstance: database.instance,
      diskLimitGb: config.database.diskLimitGb,
      connections: connectionLimit(config),
    },
  });
  const delivery = config.delivery.repository
    ? new Delivery(
        'github',
        { project, registry, ...config.delivery, billingAccount: config.budget.billingAccount },
        afterApis,
      )
    : undefined;
  return {
    /** Where clients reach the service. */
    url: address.publicUrl,
    /** The fixed address. */
    ip: address.ip,
    /** What the domain's registrar has to be told. */
    nameServers: zone?.nameServers ?? [],
    /** The image in use, by digest: what to roll back to is in the stack's history. */
    image,
    /** Name of the image in the registry, to push to. */
    imageName: registry.imageName,
    /** Cloud SQL instance, for backups. */
    databaseInstance: database.instance,
    /** Bucket of sources and clips. */
    bucket: media.bucket,
    /** Name of the balancer's URL map, for its logs. */
    urlMap: balancer.urlMap,
    /** What the delivery workflows have to be told; empty without a repository. */
    delivery: delivery
      ? { provider: delivery.provider, deployer: delivery.deployer, previewer: delivery.previewer }
      : {},
  };
}
