/** Whether an error of the file system has one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** For `catch`: null for a file that is not there; every other error goes on. */
export function missing(error: unknown): null {
  if (hasCode(error, 'ENOENT')) return null;
  throw error;
}
