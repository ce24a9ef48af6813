import type { Settings } from '../shared/env.ts';

/** Settings by their names in shared/env.ts: one that does not exist there is a compile error. */
export type Environment = Partial<Record<keyof Settings, string>>;

/** What has been created, as far as programs have to know it. */
export interface Surroundings {
  project: string;
  publicUrl: string;
  topic: string;
  subscription: string;
  bucket: string;
  databaseInstance: string;
  databaseName: string;
  signingSecret: string;
  runbooksUrl: string;
}

/** Ports that containers listen on and instances publish. */
export const ports = { web: 8080, workerHealth: 8081 } as const;

/** Where a worker's container has its passing files. */
export const WORK_DIR = '/work';

const GIB = 1024 ** 3;

/** What the web server is told. Pure, like the others here. */
export function webEnvironment(around: Surroundings, databaseUser: string): Environment {
  return {
    ...onGoogleCloud(around),
    ...database(around, databaseUser),
    HOST: '0.0.0.0',
    PORT: String(ports.web),
    PUBLIC_URL: around.publicUrl,
    // The client and the balancer itself.
    PROXY_ENTRIES: '2',
    SIGNING_SECRET_NAME: around.signingSecret,
    DASHBOARD_URL: `https://console.cloud.google.com/monitoring/dashboards?project=${around.project}`,
    RUNBOOKS_URL: around.runbooksUrl,
  };
}

/** What a worker is told. Its number of slots is left to it: one a core, whatever machine it got. */
export function workerEnvironment(around: Surroundings, databaseUser: string, diskGb: number): Environment {
  return {
    ...onGoogleCloud(around),
    ...database(around, databaseUser),
    // The instance asks the container from outside.
    HOST: '0.0.0.0',
    HEALTH_PORT: String(ports.workerHealth),
    WORK_DIR,
    // The rest of the disk is for the system, the image, and the files of the steps that run.
    SOURCE_CACHE_BYTES: String(Math.floor(diskGb * 0.4) * GIB),
  };
}

/** What the migration is told. */
export function migrateEnvironment(
  around: Pick<Surroundings, 'project' | 'databaseInstance' | 'databaseName'>,
  databaseUser: string,
): Environment {
  return { ...database(around, databaseUser), GOOGLE_CLOUD_PROJECT: around.project, LOG_FORMAT: 'google' };
}

function onGoogleCloud({ project, topic, subscription, bucket }: Surroundings): Environment {
  return {
    GOOGLE_CLOUD_PROJECT: project,
    QUEUE: 'pubsub',
    PUBSUB_TOPIC: topic,
    PUBSUB_SUBSCRIPTION: subscription,
    STORAGE: 'gcs',
    STORAGE_BUCKET: bucket,
    METRICS: 'cloud-monitoring',
    LOG_FORMAT: 'google',
  };
}

function database(around: Pick<Surroundings, 'databaseInstance' | 'databaseName'>, user: string): Environment {
  return { DATABASE_INSTANCE: around.databaseInstance, DATABASE_NAME: around.databaseName, DATABASE_USER: user };
}
