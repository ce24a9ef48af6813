import { runProgram } from '../program.ts';
import { openAddress } from './address.ts';
import { migrate } from './migrate.ts';

// `npm run migrate`: before new web instances serve.
await runProgram(
  'migrate',
  async ({ settings, log }) => {
    const { address, close } = await openAddress(settings);
    await migrate(address).finally(close);
    log.info('the database has the newest schema');
    return 0;
  },
  { database: true },
);
