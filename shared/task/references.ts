import { rows, type Db } from '../db/connect.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * Removes those of the keys that the task does not refer to: what attempts stored that were then refused or lost.
 *
 * Asking the row, not the answer to the write, matters: a write may have been accepted and its answer lost.
 */
export async function removeUnreferenced(db: Db, storage: Storage, task: string, keys: string[]): Promise<number> {
  if (keys.length === 0) return 0;
  const referenced = await rows<{ key: string | null }>(
    db,
    `select source_key as key from tasks where id = :task
     union all
     select output ->> 'key' from steps where task_id = :task and state = 'done'
     union all
     select file ->> 'key' from steps, jsonb_array_elements(output -> 'files') as file
     where task_id = :task and state = 'done'`,
    { task },
  );
  const kept = new Set(referenced.map((row) => row.key));
  const unreferenced = keys.filter((key) => !kept.has(key));
  for (const key of unreferenced) await storage.remove(key);
  return unreferenced.length;
}
