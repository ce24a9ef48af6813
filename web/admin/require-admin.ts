import type { User } from '../auth/tokens.ts';
import { ApiError } from '../errors.ts';

/** @throws ApiError 403 */
export function requireAdmin(user: User): void {
  if (user.role !== 'admin') throw new ApiError(403, 'forbidden', 'This is for the operators of the service.');
}
