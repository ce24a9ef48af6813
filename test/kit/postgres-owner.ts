import { startEmbeddedPostgres } from '../../shared/db/embedded/start.ts';
import { createLog } from '../../shared/log.ts';

// A program that owns an embedded Postgres until SIGTERM, for tests that kill it or run it as somebody else.
// Its last line on standard output before that is `{"url": …, "adopted": …}`.
const [dataDir = ''] = process.argv.slice(2);
const postgres = await startEmbeddedPostgres({ dataDir, log: createLog('silent', 'owner') });
process.on('SIGTERM', () => void postgres.stop());
process.stdout.write(`${JSON.stringify({ url: postgres.url, adopted: postgres.adopted })}\n`);
