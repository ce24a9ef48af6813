import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readJson, Refusal, sendJson, type Call } from './reply.ts';

export const EMAIL = 'claqueta@test-project.iam.gserviceaccount.com';

/** The service account that signs: a key pair made anew for each process and of use nowhere else. */
export const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The key as a file, as GOOGLE_APPLICATION_CREDENTIALS names one; gone with the process. */
export function writeCredentials(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'claqueta-key-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'key.json');
  const account = {
    type: 'service_account',
    project_id: 'test-project',
    client_email: EMAIL,
    private_key: keyPair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
  writeFileSync(file, JSON.stringify(account), { mode: 0o600 });
  return file;
}

const TOKEN = 'a-token-of-the-machine';

/** The metadata server of a machine in the cloud: who we are, and a token to show for it. Never a key. */
export function tellIdentity(call: Call): void {
  call.response.setHeader('metadata-flavor', 'Google');
  const asked = call.url.pathname.replace('/computeMetadata/v1/', '');
  if (/^instance\/service-accounts\/default\/token/.test(asked)) {
    return sendJson(call, { access_token: TOKEN, expires_in: 3600, token_type: 'Bearer' });
  }
  const told: Record<string, string> = {
    instance: 'here',
    'project/project-id': 'test-project',
    'instance/service-accounts/default/email': EMAIL,
    'universe/universe-domain': 'googleapis.com',
  };
  const text = told[asked.replace(/\/$/, '')];
  if (text === undefined) throw new Refusal(404, 'notFound', asked);
  call.response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
}

/** IAM's `signBlob`: signs in the name of the account for whoever shows its token. */
export async function signBlob(call: Call): Promise<void> {
  if (call.request.headers.authorization !== `Bearer ${TOKEN}`) throw new Refusal(401, 'UNAUTHENTICATED');
  if (!call.url.pathname.endsWith(`/${EMAIL}:signBlob`)) throw new Refusal(403, 'PERMISSION_DENIED');
  const { payload } = await readJson(call);
  const signer = createSign('RSA-SHA256').update(Buffer.from(String(payload), 'base64'));
  sendJson(call, { keyId: '1', signedBlob: signer.sign(keyPair.privateKey, 'base64') });
}
