/** Waits so long; less when the network comes or goes, for there is something to find out then, or when told to stop. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const done = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done, { signal: over.signal });
    addEventListener('offline', done, { signal: over.signal });
    signal?.addEventListener('abort', done, { signal: over.signal });
    if (signal?.aborted) done();
  });
}
