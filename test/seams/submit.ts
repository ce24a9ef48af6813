import { createReadStream } from 'node:fs';
import { uuidv7 } from 'uuidv7';
import { createTask } from '../../shared/task/create.ts';
import { sourcePrefix, uploadKey } from '../../shared/task/keys.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { noteUpload } from '../../shared/task/removals.ts';
import type { Service } from '../kit/service.ts';
import { rows } from '../../shared/db/connect.ts';

/** Submits a video with any profile, as an upload of the newest account. @returns id of the task */
export async function submitWith({ db, parts: { queue }, storage }: Service, file: string, profile: Profile) {
  const id = uuidv7();
  const [owner] = await rows<{ id: string }>(db, 'select id from users order by created_at desc limit 1');
  await noteUpload(db, sourcePrefix(id), 600);
  const { bytes } = await storage.put(uploadKey(id), createReadStream(file));
  await createTask(db, {
    ...{ id, owner: owner?.id ?? '', profile, source: { kind: 'upload', name: 'seams.mp4' }, sourceKey: uploadKey(id) },
    ...{ bytes, priority: 0, externalId: null, callbackUrl: null, idempotencyKey: null, requestHash: null },
    ...{ requestId: 'a-request', trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  });
  await queue.announce(1);
  return id;
}
