import { ApiError } from '../errors.ts';

/** Whoever sends again what is there already. */
export function uploadComplete(): ApiError {
  return new ApiError(409, 'upload_complete', 'The file is there already. Make a task of it with POST /tasks.');
}
