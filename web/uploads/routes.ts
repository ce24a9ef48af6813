import { audit } from '../../shared/audit.ts';
import type { Log } from '../../shared/log.ts';
import { sourcePrefix } from '../../shared/task/keys.ts';
import { notFound, problemSchema } from '../errors.ts';
import { originOf } from '../origin.ts';
import { route, type Route } from '../route.ts';
import { openUpload, type Uploading } from './open-upload.ts';
import { newUploadBody, uploadParams, uploadSchema } from './schema.ts';
import { giveUpUpload } from './uploads.ts';

/**
 * Uploads that do not pass through a request of the API: ask for an address, send the file there, make a task of it.
 *
 * @param publicUrl the address that clients reach us at, when it is not the one they ask
 */
export function uploadRoutes(parts: Uploading & { log: Log }, publicUrl: string | undefined): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/uploads',
        summary: 'Get an address to send a video to',
        tag: 'uploads',
        owner: true,
        body: newUploadBody,
        answers: {
          201: { description: 'Send the file, then make a task of it with its `upload_id`.', schema: uploadSchema },
          413: { description: 'The file is too large, or does not fit into what you may keep.', schema: problemSchema },
        },
      },
      async ({ ctx, body, user, requestId }) => {
        const origin = publicUrl ? new URL(publicUrl).origin : `${ctx.protocol}://${ctx.host}`;
        const upload = await openUpload(parts, user.id, origin, body);
        const task = upload.upload_id;
        await audit(parts.db, { event: 'upload_opened', user: user.id, task, ...originOf({ ctx, requestId }) });
        return { status: 201, body: upload };
      },
    ),
    route(
      {
        method: 'delete',
        path: '/uploads/{id}',
        summary: 'Give an upload up',
        tag: 'uploads',
        owner: true,
        params: uploadParams,
        answers: {
          204: { description: 'What had come of it is removed.' },
          404: { description: 'No such upload of yours, or it is a task by now.', schema: problemSchema },
        },
      },
      async ({ params, user }) => {
        const { db, storage, log } = parts;
        if (!(await giveUpUpload(db, storage, params.id, user.id))) throw notFound();
        // Noted since it was opened: what cannot be removed now is removed when its time is over.
        await storage.removePrefix(sourcePrefix(params.id)).catch((error: unknown) => {
          log.warn(
            { err: error, upload_id: params.id },
            'could not remove an upload that was given up; the sweep will',
          );
        });
        return { status: 204 };
      },
    ),
  ];
}
