import { IdempotencyStrategy, Storage as Client, type Bucket } from '@google-cloud/storage';
import type { Limits } from './limits.ts';

export interface BucketPlace {
  bucket: string;
  project?: string | undefined;
  /** Another address of the API, for tests; calls to it carry no credentials. */
  endpoint?: string | undefined;
}

type Interceptor = Client['interceptors'][number];

/** Google's client: who we are, signatures and every call that carries no file. */
export function openBucket({ bucket, project, endpoint }: BucketPlace, limits: Limits): Bucket {
  const client = new Client({
    ...(project && { projectId: project }),
    ...(endpoint && { apiEndpoint: endpoint }),
    // See again.ts.
    retryOptions: { autoRetry: false, idempotencyStrategy: IdempotencyStrategy.RetryNever },
  });
  // The one place that both of the client's HTTP libraries look at; without it, they wait for ever.
  const timeLimit = (options: object) => ({ ...options, timeout: limits.callMs });
  client.interceptors.push({ request: timeLimit as unknown as Interceptor['request'] });
  return client.bucket(bucket);
}
