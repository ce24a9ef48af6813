/** Whether there was no room for a file. It passes as soon as an operator makes some. Pure. */
export function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
