import { audit } from '../../shared/audit.ts';
import { problemSchema } from '../errors.ts';
import { originOf } from '../origin.ts';
import { route, type Route } from '../route.ts';
import { openUpload, type Uploading } from './open-upload.ts';
import { newUploadBody, uploadSchema } from './schema.ts';

/**
 * Uploads that do not pass through a request of the API: ask for an address, send the file there, make a task of it.
 *
 * @param publicUrl the address that clients reach us at, when it is not the one they ask
 */
export function uploadRoutes(parts: Uploading, publicUrl: string | undefined): Route[] {
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
  ];
}
