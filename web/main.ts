import { connect } from '../shared/db/connect.ts';
import { requireDatabaseUrl } from '../shared/env.ts';
import { runProgram } from '../shared/program.ts';
import { openQueue } from '../shared/queue/open.ts';
import { openStorage } from '../shared/storage/open.ts';
import { startWeb } from './start.ts';

// `npm run web`: one web process, configured by the environment.
await runProgram('web', async ({ settings, log, opened }) => {
  const url = requireDatabaseUrl(settings);
  const db = connect(url, { name: 'claqueta-web', max: 10 });
  opened({ stop: () => db.destroy() });
  const queue = openQueue(settings, db, url, log);
  opened({ stop: () => queue.close() });
  const storage = await openStorage(settings);
  opened(await startWeb({ settings, db, queue, storage, log }));
});
