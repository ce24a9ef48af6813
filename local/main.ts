import { runProgram } from '../shared/program.ts';
import { startLocal } from './start.ts';

// `npm start`: everything in one process, until Ctrl-C.
await runProgram('claqueta', async (program) => {
  const { url } = await startLocal(program);
  const { DATA_DIR } = program.settings;
  process.stderr.write(`\nClaqueta is ready at ${url} (Ctrl-C stops it; its data stays in ${DATA_DIR})\n\n`);
});
