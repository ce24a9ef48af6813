import { openParts } from '../shared/parts.ts';
import { runProgram } from '../shared/program.ts';
import { serveHealth } from './health.ts';
import { startWorker } from './start.ts';

// `npm run worker`: one worker process, configured by the environment.
await runProgram(
  'worker',
  async (program) => {
    const parts = await openParts(program, { job: 'worker', connections: 4 });
    if (program.settings.HEALTH_PORT > 0) program.opened(await serveHealth(parts));
    program.opened(await startWorker(parts));
  },
  { database: true },
);
