import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startLocal } from '../local/start.ts';
import { runProgram } from '../shared/program.ts';

// `npm run collection`: writes down the collection that the service serves. test/collection.test.ts compares the two.
const file = path.join(import.meta.dirname, '../docs/collection/claqueta.postman_collection.json');
const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-collection-'));

await runProgram(
  'collection',
  async (program) => {
    program.opened({ stop: () => rm(folder, { recursive: true, force: true }) });
    const settings = { ...program.settings, PORT: 0, DATA_DIR: folder, DATABASE_URL: undefined };
    const { url } = await startLocal({ ...program, settings });
    const answer = await fetch(`${url}/collection.json`);
    await writeFile(file, `${JSON.stringify(await answer.json(), null, 2)}\n`);
    process.stdout.write(`${path.relative('.', file)} is written anew.\n`);
    return 0;
  },
  { logFile: () => '/dev/null' },
);
