import { openParts } from '../shared/parts.ts';
import { runProgram } from '../shared/program.ts';
import { startWeb } from './start.ts';

// `npm run web`: one web process, configured by the environment.
await runProgram(
  'web',
  async (program) => {
    const parts = await openParts(program, { job: 'web', connections: 10 });
    program.opened(await startWeb(parts));
  },
  { database: true },
);
