import { clientAddress } from './client-address.ts';
import type { Request } from './route.ts';

/** Where a request comes from, for the audit. */
export function originOf({ ctx, requestId }: Pick<Request, 'ctx' | 'requestId'>): {
  address: string;
  requestId: string;
} {
  return { address: clientAddress(ctx), requestId };
}
