#!/usr/bin/env node
import { run } from './cli/run.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // The second time it leaves at once.
  process.on(name, () => (stop.signal.aborted ? process.exit(130) : stop.abort(new Error(name))));
}
process.exitCode = await run(process.argv.slice(2), { out: process.stdout, err: process.stderr, signal: stop.signal });
