import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { problemOfSecrets } from './signing-secrets.ts';

/**
 * Every setting, read once from the environment. The table in the README is compared with this by a test.
 * Sizes are bytes, times are seconds.
 */
export const settings = {
  PORT: number(8080, 0, 65_535).describe('Port of the web server; 0 takes a free one.'),
  HOST: z.string().default('127.0.0.1').describe('Address that the web server listens on.'),
  PUBLIC_URL: z.url().optional().describe('Address that clients reach the service at, when it is behind a proxy.'),
  PROXY_ENTRIES: number(1, 1, 10).describe(
    "Entries that this proxy appends to X-Forwarded-For; Google's balancer appends 2.",
  ),
  DATA_DIR: z
    .string()
    .default('.claqueta')
    .describe('Folder for the database, the files and the secrets of one machine.'),
  DATABASE_URL: z.string().optional().describe('Postgres to use; `npm start` brings its own when this is not set.'),
  DATABASE_INSTANCE: z
    .string()
    .regex(/^[^:]+:[^:]+:[^:]+$/, 'must be project:region:instance')
    .optional()
    .describe('Cloud SQL instance to use in place of DATABASE_URL: private address, log-in by IAM.'),
  DATABASE_USER: z.string().optional().describe('IAM user of the Cloud SQL instance.'),
  DATABASE_NAME: z.string().default('claqueta').describe('Database of the Cloud SQL instance.'),
  QUEUE: z.enum(['postgres', 'pubsub']).default('postgres').describe('What announces steps to workers.'),
  PUBSUB_TOPIC: z.string().optional().describe('Topic that steps are announced on, with QUEUE=pubsub.'),
  PUBSUB_SUBSCRIPTION: z.string().optional().describe('Subscription that workers listen to, with QUEUE=pubsub.'),
  STORAGE: z.enum(['folder', 'gcs']).default('folder').describe('Where sources and clips are kept.'),
  STORAGE_BUCKET: z.string().optional().describe('Bucket of Cloud Storage, with STORAGE=gcs.'),
  STORAGE_ENDPOINT: z.url().optional().describe('Another address of the Cloud Storage API, for tests.'),
  METRICS: z
    .enum(['prometheus', 'cloud-monitoring'])
    .default('prometheus')
    .describe('Who is told the figures: a page at /metrics, or Cloud Monitoring.'),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer token for /metrics; without one only this machine itself may read it.'),
  MONITORING_ENDPOINT: z.string().optional().describe('Another `host:port` of the Cloud Monitoring API, for tests.'),
  GOOGLE_CLOUD_PROJECT: z.string().optional().describe('Project of the topic, the bucket and the metrics.'),
  HEALTH_PORT: number(0, 0, 65_535).describe("Port of a worker's /livez and /readyz; 0 serves none."),
  WORK_DIR: z.string().default(path.join(os.tmpdir(), 'claqueta')).describe("Folder for a worker's passing files."),
  WORKER_SLOTS: number(os.availableParallelism(), 1, 64).describe(
    'FFmpegs at once on a worker, one a core; as many steps more may wait for the network.',
  ),
  SOURCE_ALLOW: list().describe('Private `host:port` pairs that may be fetched all the same, separated by commas.'),
  SOURCE_MAX_BYTES: number(4 * 1024 ** 3, 1).describe('Largest source.'),
  SOURCE_MAX_SECONDS: number(6 * 3600, 1).describe('Longest source.'),
  SOURCE_CACHE_BYTES: number(20 * 1024 ** 3, 0).describe('How much a worker keeps of the sources it has fetched.'),
  // e2-standard in us-central1 is listed at 0.0335 a vCPU with its 4 GB; Spot takes 60 to 91 % off that.
  PRICE_CPU_HOUR: z.coerce.number().min(0).default(0.01).describe('What an hour of a processor costs you, in USD.'),
  WEBHOOK_ALLOW: list().describe('Private `host:port` pairs that may be told of tasks all the same.'),
  WEBHOOKS_AT_ONCE: number(4, 0, 64).describe('Deliveries to webhooks at once on a web server; 0 sends none.'),
  WEBHOOK_SECONDS: number(10, 1, 60).describe('How long a receiver may take to answer a delivery.'),
  FETCH_SECONDS: number(3600, 1).describe('Longest download of a source, with all its tries.'),
  FETCH_MIN_RATE: number(16 * 1024, 0).describe('Slowest download, in bytes a second over half a minute.'),
  JSON_MAX_BYTES: number(64 * 1024, 1024).describe('Largest JSON body.'),
  UPLOAD_SECONDS: number(6 * 3600, 1).describe('Longest upload through the web server.'),
  UPLOAD_MIN_RATE: number(16 * 1024, 0).describe('Slowest upload, in bytes a second over half a minute.'),
  UPLOADS_PER_OWNER: number(50, 1).describe('Most uploads of one owner that are under way or awaited.'),
  TASKS_PER_OWNER: number(1_000, 1).describe('Most unfinished tasks of one owner.'),
  STORED_BYTES_PER_OWNER: number(100 * 1024 ** 3, 1).describe('Most that one owner may keep: sources, clips, uploads.'),
  REQUESTS_PER_MINUTE: number(6_000, 1).describe('Most requests of one address, on each web server.'),
  REQUESTS_AT_ONCE: number(500, 1).describe('Most requests of one address at the same time, on each web server.'),
  STEP_TRIES: number(3, 1, 20).describe('How often a step is tried before it fails.'),
  LEASE_SECONDS: number(20, 3, 600).describe('How long a step stays with a worker that is not heard of.'),
  DASHBOARD_URL: z.url().optional().describe('Link to the dashboard, for operators on the page.'),
  RUNBOOKS_URL: z.url().optional().describe('Link to the runbooks, for operators on the page.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least level logged.'),
  FFMPEG_PATH: z.string().optional().describe('FFmpeg to use; else the one on PATH, else the one shipped through npm.'),
  FFPROBE_PATH: z.string().optional().describe('ffprobe to use, found in the same way.'),
  SECURITY_CONTACT: z
    .string()
    .regex(/^(mailto:|https:\/\/)[\x21-\x7e]+$/, 'must be mailto:… or https://…')
    .optional()
    .describe('Where to report a weakness: makes /.well-known/security.txt.'),
  FFMPEG_LAYERS: z
    .enum(['available', 'required'])
    .default('available')
    .describe('Whether a worker starts where a layer round FFmpeg is missing.'),
  LOG_FORMAT: z.enum(['plain', 'google']).default('plain').describe('How log lines name level, message and trace.'),
  ACCESS_TOKEN_SECONDS: number(900, 60, 86_400).describe('How long an access token is valid; then it is refreshed.'),
  LOG_IN_TRIES: number(5, 1).describe('Wrong log-ins for one account before each doubles the wait for the next.'),
  ADDRESS_TRIES: number(30, 1).describe('The same for wrong log-ins, and for new accounts, from one address.'),
  AUDIT_DAYS: number(365, 30, 36_500).describe('How long the audit is kept, which holds the addresses of clients.'),
  SIGNING_SECRET_NAME: z
    .string()
    .regex(/^projects\/[^/]+\/secrets\/[^/]+\/versions\/[^/]+$/, 'must be projects/…/secrets/…/versions/…')
    .optional()
    .describe('Secret Manager version that holds the signing secret.'),
  SIGNING_SECRET: z
    .string()
    .superRefine((text, ctx) => {
      const message = problemOfSecrets(text);
      if (message) ctx.addIssue({ code: 'custom', message });
    })
    .optional()
    .describe('Signs log-ins and media addresses; made and kept in DATA_DIR when not set. Two while it changes.'),
};

/** What one setting makes another need, with what is missing. */
const together: { when: (settings: Plain) => boolean; needs: (keyof typeof settings)[]; because: string }[] = [
  {
    when: ({ QUEUE }) => QUEUE === 'pubsub',
    needs: ['PUBSUB_TOPIC', 'PUBSUB_SUBSCRIPTION', 'GOOGLE_CLOUD_PROJECT'],
    because: 'QUEUE=pubsub',
  },
  {
    when: ({ STORAGE }) => STORAGE === 'gcs',
    needs: ['STORAGE_BUCKET', 'GOOGLE_CLOUD_PROJECT'],
    because: 'STORAGE=gcs',
  },
  {
    when: ({ METRICS }) => METRICS === 'cloud-monitoring',
    needs: ['GOOGLE_CLOUD_PROJECT'],
    because: 'METRICS=cloud-monitoring',
  },
  { when: ({ LOG_FORMAT }) => LOG_FORMAT === 'google', needs: ['GOOGLE_CLOUD_PROJECT'], because: 'LOG_FORMAT=google' },
  {
    when: ({ DATABASE_INSTANCE }) => DATABASE_INSTANCE !== undefined,
    needs: ['DATABASE_USER'],
    because: 'DATABASE_INSTANCE',
  },
];

type Plain = z.infer<z.ZodObject<typeof settings>>;

const schema = z.object(settings);
export type Settings = z.infer<typeof schema>;

/** All problems of the environment at once, one line each. */
export class SettingsError extends Error {
  constructor(problems: string[]) {
    super(`The settings are not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/** What is missing where a program brings no database of its own. */
export const NO_DATABASE = 'DATABASE_URL or DATABASE_INSTANCE: must be set; only `npm start` brings its own database';

/**
 * Reads the settings. An empty variable counts as not set.
 *
 * @param needs whether the program has to be told of a database
 * @throws SettingsError naming every variable that is wrong
 */
export function readSettings(env: NodeJS.ProcessEnv, needs: { database?: boolean } = {}): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in settings && value !== ''));
  const result = schema.safeParse(given);
  const wrong = (result.error?.issues ?? []).map(
    (issue) => `${issue.path.join('.')}: ${issue.message} (given: ${shown(issue.path[0], given)})`,
  );
  const problems = [...wrong, ...missingTogether(given)];
  if (needs.database && !given.DATABASE_URL && !given.DATABASE_INSTANCE) problems.push(NO_DATABASE);
  if (result.success && problems.length === 0) return result.data;
  throw new SettingsError(problems);
}

/** Looks at what was given, not at what was parsed, so that it is told together with whatever else is wrong. */
function missingTogether(given: Record<string, string | undefined>): string[] {
  const plain = given as unknown as Plain;
  return together
    .filter(({ when }) => when(plain))
    .flatMap(({ needs, because }) =>
      needs.filter((name) => given[name] === undefined).map((name) => `${name}: must be set with ${because}`),
    );
}

function shown(name: PropertyKey | undefined, given: Record<string, string | undefined>): string {
  // A secret or a database password has no place on a terminal.
  if (name === 'SIGNING_SECRET' || name === 'DATABASE_URL' || name === 'METRICS_TOKEN') return 'hidden';
  return JSON.stringify(given[String(name)] ?? '');
}

function number(preset: number, least = 0, most = Number.MAX_SAFE_INTEGER) {
  return z.coerce.number().int().min(least).max(most).default(preset);
}

function list() {
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
    );
}
