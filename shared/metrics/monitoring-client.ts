import { createRequire } from 'node:module';
import { MetricServiceClient } from '@google-cloud/monitoring';
import type * as gax from 'google-gax';

/**
 * A client of Cloud Monitoring.
 *
 * @param endpoint `host:port` of another service that speaks the same, without encryption or log-in; for tests
 */
export function monitoringClient(project: string, endpoint?: string): MetricServiceClient {
  return new MetricServiceClient({
    projectId: project,
    // One connection a round: in a minute of silence one may have died unseen, and calls would hang on it for long.
    'grpc.client_idle_timeout_ms': 1_000,
    ...(endpoint && without(endpoint)),
  });
}

function without(endpoint: string) {
  const { hostname, port } = new URL(`http://${endpoint}`);
  return { apiEndpoint: hostname, port: Number(port), sslCreds: clientGrpc().credentials.createInsecure() };
}

/** The client's own gRPC: it refuses credentials that were made by another copy. */
export function clientGrpc(): typeof gax.grpc {
  const require = createRequire(createRequire(import.meta.url).resolve('@google-cloud/monitoring'));
  return (require('google-gax') as typeof gax).grpc;
}
