/** HMAC with SHA-256 is as strong as its key up to 32 bytes. */
const LEAST_CHARACTERS = 32;
/** The one that signs and the one that did before, or will next. */
const MOST = 2;

/** The secrets that are live: the first signs, all verify. */
export function splitSecrets(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

/** What is wrong with the text of the signing secrets, without repeating it; null when it is right. */
export function problemOfSecrets(text: string): string | null {
  const secrets = splitSecrets(text);
  if (secrets.length === 0 || secrets.length > MOST) return 'must be one secret, or two separated by a space';
  if (secrets.some((secret) => secret.length < LEAST_CHARACTERS)) {
    return `each secret must have at least ${LEAST_CHARACTERS} characters`;
  }
  if (new Set(secrets).size < secrets.length) return 'the two secrets must differ';
  return null;
}
