import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { findPostmaster } from '../../shared/db/embedded/postmaster.ts';
import { shutDown } from '../../shared/db/embedded/shutdown.ts';

/**
 * Shuts down every Postgres whose files are below the folder, whoever started it. One that merely lost its folder
 * would end too, but only after a minute.
 */
export async function shutDownLeftServers(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (path.basename(name) !== 'postmaster.pid') continue;
    const data = path.join(folder, path.dirname(name));
    const server = await findPostmaster(data);
    if (server) await shutDown(server.pid, data);
  }
}
