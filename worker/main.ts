import { openParts } from '../shared/parts.ts';
import { runProgram } from '../shared/program.ts';
import type { LayerReport } from './ffmpeg/tools.ts';
import { serveHealth } from './health.ts';
import { startWorker } from './start.ts';

// `npm run worker`: one worker process, configured by the environment.
await runProgram(
  'worker',
  async (program) => {
    const parts = await openParts(program, { job: 'worker', connections: 2 });
    const details: { layers?: LayerReport } = {};
    if (program.settings.HEALTH_PORT > 0) program.opened(await serveHealth(parts, details));
    const worker = await startWorker(parts);
    details.layers = worker.layers;
    program.opened(worker);
  },
  { database: true },
);
