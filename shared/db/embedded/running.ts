import path from 'node:path';
import { readCluster, USER } from './cluster.ts';
import { findPostmaster } from './postmaster.ts';

/** URL of the server that runs on a folder, or null when none does: for a second program beside its owner. */
export async function runningPostgres(folder: string): Promise<string | null> {
  const cluster = await readCluster(path.join(folder, 'cluster'));
  const server = cluster && (await findPostmaster(cluster.data));
  if (!cluster || !server?.port) return null;
  return `postgres://${USER}:${cluster.password}@127.0.0.1:${server.port}/claqueta`;
}
