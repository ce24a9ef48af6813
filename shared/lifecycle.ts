import type { Log } from './log.ts';

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

/** Called with each resource as it is opened; they are stopped last opened first. */
export type Opened = (resource: Running) => void;

/** A process that was told to stop and has not within this time leaves all the same. */
const STOP_WITHIN_MS = 9_500;
/** A terminal and npm may both pass on one Ctrl-C. */
const SAME_SIGNAL_MS = 500;

/**
 * Runs a program until SIGINT or SIGTERM, or until `start` has nothing more to do and answers an exit code; then stops
 * everything in order and leaves. A second signal leaves at once, and so does a stop that takes too long: what is cut
 * off then is made up for by leases and sweeps.
 *
 * @param start opens what the program is made of; its signal aborts when the program is told to stop meanwhile
 */
export async function runUntilStopped(
  log: Log,
  start: (opened: Opened, signal: AbortSignal) => Promise<number | void>,
): Promise<void> {
  const resources: Running[] = [];
  const stopping = new AbortController();
  let since = 0;

  const starting = start((resource) => resources.push(resource), stopping.signal);

  let leaving: Promise<never> | undefined;
  function leave(code: number): Promise<never> {
    return (leaving ??= stopAndExit(code));
  }

  async function stopAndExit(code: number): Promise<never> {
    setTimeout(() => {
      log.error('stopping took too long; leaving');
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    await starting.catch(() => {});
    await stopAll(resources, log);
    process.exit(code);
  }

  function onSignal(signal: NodeJS.Signals): void {
    if (stopping.signal.aborted) {
      if (Date.now() - since > SAME_SIGNAL_MS) process.exit(130);
      return;
    }
    since = Date.now();
    log.info({ signal }, 'stopping');
    stopping.abort(new Error(`stopped by ${signal}`));
    void leave(0);
  }
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // The terminal was closed.
  process.on('SIGHUP', onSignal);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'ended by an error that nobody caught');
      stopping.abort(error);
      void leave(1);
    });
  }

  try {
    const code = await starting;
    if (typeof code === 'number' && !stopping.signal.aborted) await leave(code);
  } catch (error) {
    if (stopping.signal.aborted) return;
    log.fatal({ err: error }, 'ended by an error');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await leave(1);
  }
}

/** Stops in reverse order; one that fails does not keep the others from stopping. */
export async function stopAll(resources: Running[], log: Log): Promise<void> {
  for (let resource = resources.pop(); resource; resource = resources.pop()) {
    await resource.stop().catch((error: unknown) => log.error({ err: error }, 'a part did not stop well'));
  }
}
