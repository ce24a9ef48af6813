import { z } from 'zod';
import { mayPass } from '../shared/db/passing.ts';
import { isFullDisk } from '../shared/full-disk.ts';
import { OverQuota } from '../shared/task/quota.ts';

/** An error that a client is told of: the one place where a code becomes a status. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  readonly fields: FieldError[] | undefined;

  /**
   * @param detail what the client can do about it
   */
  constructor(
    status: number,
    code: string,
    detail: string,
    more: { headers?: Record<string, string>; fields?: FieldError[]; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause });
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.fields = more.fields;
  }
}

const fieldError = z.object({ field: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldError>;

/** The body of every error: RFC 9457, with a code for programs and the id under which the log has the cause. */
export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(fieldError).optional(),
  })
  .meta({ id: 'Problem' });

export const notFound = () => new ApiError(404, 'not_found', 'There is nothing here, or it is not yours.');

/** @param allow what the address does take, as the header has it */
export const methodNotAllowed = (allow: string) =>
  new ApiError(405, 'method_not_allowed', 'This address does not take this method.', { headers: { Allow: allow } });

const RETRY_AFTER_SECONDS = '5';

/** SQLSTATEs of a NUL in a text and in JSON, which JSON can say and Postgres cannot keep. */
const CANNOT_BE_STORED = ['22021', '22P05'];

/** Any error as one that a client can be told of. What nobody foresaw says nothing but its request id. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof z.ZodError) return invalid(error);
  if (error instanceof OverQuota) return overQuota(error);
  if (error instanceof Error && 'code' in error && CANNOT_BE_STORED.includes(String(error.code))) {
    return new ApiError(400, 'invalid_request', 'A text holds a character that cannot be stored.', { cause: error });
  }
  if (mayPass(error) || isFullDisk(error)) {
    return new ApiError(503, 'unavailable', 'The service is not available at the moment. Try again shortly.', {
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
      cause: error,
    });
  }
  return new ApiError(
    500,
    'internal',
    'Something went wrong on our side. The log has the cause under the request id.',
    {
      cause: error,
    },
  );
}

function invalid(error: z.ZodError): ApiError {
  const fields = error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  const detail = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
  return new ApiError(400, 'invalid_request', detail, { fields });
}

/** Seconds after which asking again may be of use: tasks end and uploads expire by themselves, bytes go when told to. */
const QUOTA_RETRY_SECONDS = { tasks: 60, uploads: 60, bytes: 3600 };

function overQuota({ what, most }: OverQuota): ApiError {
  const headers = { 'Retry-After': String(QUOTA_RETRY_SECONDS[what]) };
  const answers = {
    tasks: () =>
      new ApiError(
        429,
        'too_many_tasks',
        `You have ${most} unfinished tasks, the most there may be. Wait for some to end, or abort some.`,
        { headers },
      ),
    uploads: () =>
      new ApiError(
        429,
        'too_many_uploads',
        `You have ${most} uploads open, the most there may be. Make tasks of them, or wait until they are over, a day after they began.`,
        { headers },
      ),
    bytes: () =>
      new ApiError(
        413,
        'storage_full',
        `This does not fit into the ${most} bytes that you may keep. Remove finished tasks with DELETE /tasks/<id>.`,
        { headers },
      ),
  };
  return answers[what]();
}
