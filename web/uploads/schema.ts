import { z } from 'zod';

/** What `POST /uploads` takes and answers. */
export const newUploadBody = z
  .strictObject({
    bytes: z.int().min(1).describe('Size of the file, exactly.'),
    name: z.string().max(200).default('video').describe('What you call the file; only ever shown.'),
    content_type: z
      .string()
      .max(100)
      .regex(/^(video|audio|application)\/[\w.+-]+$/, 'must be a media type, such as video/mp4')
      .optional(),
  })
  .meta({ id: 'UploadRequest' });

export const uploadSchema = z
  .object({
    upload_id: z.uuid().describe('For `POST /tasks`; it becomes the id of the task.'),
    method: z.literal('PUT'),
    url: z.string().describe('Send the whole file there, without your token. Should it break off, send it again.'),
    headers: z.record(z.string(), z.string()).describe('To be sent with the file.'),
    expires_at: z.iso.datetime().describe('The file has to be there by then.'),
  })
  .meta({ id: 'Upload' });

export const uploadParams = z.object({ id: z.uuid() });
