import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { PubSub } from '@google-cloud/pubsub';
import { undo, type Cleanup } from './undo.ts';
import { until } from './until.ts';

// No metadata server answers here; the client would look for one with every connection.
process.env.METADATA_SERVER_DETECTION = 'none';

/** The official Pub/Sub emulator, as gcloud's component of that name installs it. */
const places = [
  process.env.PUBSUB_EMULATOR,
  '/usr/lib/google-cloud-sdk/platform/pubsub-emulator/bin/cloud-pubsub-emulator',
  '/usr/share/google-cloud-sdk/platform/pubsub-emulator/bin/cloud-pubsub-emulator',
  '/google-cloud-sdk/platform/pubsub-emulator/bin/cloud-pubsub-emulator',
];

export const emulatorPath = places.find((place) => place && existsSync(place));

/** Why tests on it are skipped, or false. Under CI a skipped test is an error. */
export const withoutEmulator = emulatorPath
  ? false
  : 'the Pub/Sub emulator is not installed (gcloud components install pubsub-emulator), or name it in PUBSUB_EMULATOR';

export interface Emulator {
  /** `host:port`, for PUBSUB_EMULATOR_HOST. */
  host: string;
  project: string;
  topic: string;
  subscription: string;
  /** Kills it and starts it again at the same port, with nothing in it but the topic and the subscription. */
  restartEmpty(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

/** Starts an emulator with a topic and a subscription, for one test. */
export async function startEmulator(t: Cleanup, ackDeadlineSeconds = 10): Promise<Emulator> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const names = { project: 'demo', topic: 'steps', subscription: 'workers' };
  let running = await start(port);
  undo(t, () => running.kill());

  async function fill(): Promise<void> {
    await withClient(host, names.project, async (client) => {
      const [topic] = await client.createTopic(names.topic);
      await topic.createSubscription(names.subscription, { ackDeadlineSeconds });
    });
  }
  await fill();
  return {
    host,
    ...names,
    async restartEmpty() {
      await running.kill();
      running = await start(port);
      await fill();
    },
    freeze: () => running.signal('SIGSTOP'),
    thaw: () => running.signal('SIGCONT'),
  };
}

async function start(port: number) {
  // The launcher is a script that runs Java: a group of their own, so that both can be ended.
  const child = spawn(emulatorPath ?? '', [`--host=127.0.0.1`, `--port=${port}`], { detached: true, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const signal = (name: NodeJS.Signals) => {
    if (child.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
  };
  await until(() => fetch(`http://127.0.0.1:${port}`).then((response) => response.ok), {
    what: 'the Pub/Sub emulator answers',
    timeout: 30_000,
    every: 50,
  });
  return {
    signal,
    async kill() {
      signal('SIGKILL');
      await ended;
    },
  };
}

/** The client reads the emulator's address from the environment when it is made. */
export async function withClient(
  host: string,
  projectId: string,
  use: (client: PubSub) => Promise<void>,
): Promise<void> {
  const client = new PubSub({ projectId, apiEndpoint: host, emulatorMode: true });
  await use(client).finally(() => client.close());
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
