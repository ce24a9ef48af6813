/** The embedded Postgres cannot be used; the message says what to do about it. */
export class EmbeddedPostgresError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
  }
}

/** A living process owns the Postgres of this folder. Two owners would each stop it under the other. */
export class AlreadyRunningError extends EmbeddedPostgresError {
  constructor(folder: string) {
    super(`Another Claqueta uses the database in ${folder}. Stop it first, or choose another DATA_DIR.`);
    this.name = 'AlreadyRunningError';
  }
}

/** The code of a system or database error (`ENOENT`, `28P01`), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
