import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test, type TestContext } from 'node:test';
import { fromJSON } from '@grpc/proto-loader';
import { grpc } from 'google-gax';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { readSecret } from './secret-manager.ts';

const NAME = 'projects/demo/secrets/signing/versions/latest';

type Answer = (error: object | null, version?: object) => void;

/** Secret Manager's service by its own protos, with the secrets given. */
async function double(t: TestContext, secrets: Record<string, string>): Promise<SecretManagerServiceClient> {
  const protos = createRequire(import.meta.url)('@google-cloud/secret-manager/build/protos/protos.json') as object;
  const loaded = grpc.loadPackageDefinition(fromJSON(protos, { defaults: true, longs: String })) as never as {
    google: { cloud: { secretmanager: { v1: { SecretManagerService: { service: never } } } } };
  };
  const server = new grpc.Server();
  server.addService(loaded.google.cloud.secretmanager.v1.SecretManagerService.service, {
    AccessSecretVersion: ({ request }: { request: { name: string } }, answer: Answer) => {
      const text = secrets[request.name];
      if (text === undefined) answer({ code: grpc.status.NOT_FOUND, message: 'Secret not found' });
      else answer(null, { name: request.name, payload: { data: Buffer.from(text) } });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const client = new SecretManagerServiceClient({
    projectId: 'demo',
    apiEndpoint: '127.0.0.1',
    port,
    sslCreds: grpc.credentials.createInsecure(),
  });
  t.after(async () => {
    await client.close();
    server.forceShutdown();
  });
  return client;
}

test('the signing secret is read from Secret Manager by its name', async (t) => {
  assert.equal(await readSecret(NAME, await double(t, { [NAME]: 'the secret text\n' })), 'the secret text');
});

test('a secret that is not there or empty is named', async (t) => {
  const client = await double(t, { [`${NAME}x`]: '' });
  await assert.rejects(readSecret(NAME, client), /SIGNING_SECRET_NAME: the secret projects\/demo.*NOT_FOUND/);
  await assert.rejects(readSecret(`${NAME}x`, client), /it is empty/);
});
