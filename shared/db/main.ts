import { requireDatabaseUrl } from '../env.ts';
import { runProgram } from '../program.ts';
import { migrate } from './migrate.ts';

// `npm run migrate`: before new web instances serve.
await runProgram('migrate', async ({ settings, log }) => {
  await migrate(requireDatabaseUrl(settings));
  log.info('the database has the newest schema');
  return 0;
});
