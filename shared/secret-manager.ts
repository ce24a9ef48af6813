import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';

const ACCESS_MS = 10_000;

/**
 * The text of a version in Secret Manager, fetched by the process itself: it is in no metadata and no environment.
 *
 * @param name `projects/…/secrets/…/versions/…`
 * @throws Error naming the secret, never its text
 */
export async function readSecret(name: string, client?: SecretManagerServiceClient): Promise<string> {
  const asked = client ?? (await openClient());
  try {
    const [version] = await asked.accessSecretVersion({ name }, { timeout: ACCESS_MS });
    const text = Buffer.from(version.payload?.data ?? '')
      .toString('utf8')
      .trim();
    if (text === '') throw new Error('it is empty');
    return text;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`SIGNING_SECRET_NAME: the secret ${name} cannot be read: ${why}`, { cause: error });
  } finally {
    if (!client) await asked.close();
  }
}

async function openClient(): Promise<SecretManagerServiceClient> {
  // Loaded only here: one machine has no use for it.
  const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
  return new SecretManagerServiceClient();
}
