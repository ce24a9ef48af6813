import { randomBytes } from 'node:crypto';

/**
 * W3C trace context (https://www.w3.org/TR/trace-context/): ties the log lines of a request and of the steps that came
 * of it together, over processes and machines.
 */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;
/** What Google's balancer sends besides. */
const CLOUD_TRACE = /^([0-9a-f]{32})(?:\/|$)/;

/** The trace that a request belongs to, as `traceparent`; a new one when it brings none. */
export function traceOf(headers: { traceparent?: string | undefined; cloudTrace?: string | undefined }): string {
  if (headers.traceparent && TRACEPARENT.test(headers.traceparent)) return headers.traceparent;
  const random = randomBytes(24).toString('hex');
  const given = CLOUD_TRACE.exec(headers.cloudTrace ?? '')?.[1];
  return `00-${given ?? random.slice(0, 32)}-${random.slice(32)}-01`;
}

/** The 32 digits that name the trace, or null. */
export function traceId(traceparent: string | null): string | null {
  return TRACEPARENT.exec(traceparent ?? '')?.[1] ?? null;
}
