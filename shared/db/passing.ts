import { isSilence } from './silent.ts';

/** Connection trouble of Node's sockets. */
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/**
 * Whether a failure of the database may be gone on the next try: connection trouble, fail-over, deadlock, time-out.
 * A statement that the database refuses does not pass.
 *
 * SQLSTATE classes: 08 connection, 40 rollback, 53 resources, 55 object state, 57 operator intervention
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KnexTimeoutError' || /Connection (terminated|ended)|timeout expired/i.test(error.message))
    return true;
  if (isSilence(error)) return true;
  const code = 'code' in error ? String(error.code) : '';
  return SOCKET.has(code) || (/^[0-9A-Z]{5}$/.test(code) && /^(08|40|53|55|57)/.test(code));
}
