import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startLocal } from '../local/start.ts';
import { runProgram } from '../shared/program.ts';
import { clientTypes } from './client-types.ts';

// `npm run client`: writes down the types of the API that the service serves. test/client.test.ts compares the two.
const file = path.join(import.meta.dirname, '../client/schema.d.ts');
const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-client-'));

await runProgram(
  'client',
  async (program) => {
    program.opened({ stop: () => rm(folder, { recursive: true, force: true }) });
    const settings = { ...program.settings, PORT: 0, DATA_DIR: folder, DATABASE_URL: undefined };
    const { url } = await startLocal({ ...program, settings });
    await writeFile(file, await clientTypes(url));
    process.stdout.write(`${path.relative('.', file)} is written anew.\n`);
    return 0;
  },
  { logFile: () => '/dev/null' },
);
