/** Another window of this browser sends the file at the moment. */
export class SentElsewhere extends Error {}

/**
 * Runs what one window at a time may do with a file. Where there are no Web Locks (a trial over plain http) two may send
 * it: the service keeps what comes first.
 *
 * @throws SentElsewhere at once
 */
export function inOneWindow<T>(file: string, run: () => Promise<T>): Promise<T> {
  // Typed as if it were always there.
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return run();
  return locks.request(`claqueta.upload.${file}`, { ifAvailable: true }, (lock) => {
    if (!lock) throw new SentElsewhere();
    return run();
  });
}
