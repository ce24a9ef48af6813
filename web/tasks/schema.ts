import { z } from 'zod';
import { ownProfileSchema } from '../../shared/task/own-profile.ts';
import { problemCodes, type ProblemCode } from '../../shared/task/problem.ts';
import { truncatedChoices } from '../../shared/task/profile.ts';
import { MOST_LISTED } from '../../shared/task/list.ts';
import { stepKinds, stepStates, taskStatuses } from '../../shared/task/states.ts';
import { mediaSchema, warningSchema } from './media-schema.ts';

/** What the task routes take and answer. */
const options = {
  profile: z.string().max(32).default('idrl').describe('Name of a profile; see /profiles.'),
  priority: z.coerce.number().int().min(-10).max(10).default(0).describe('Among your own tasks, higher ones go first.'),
  callback_url: z
    .string()
    .max(2048)
    .optional()
    .describe('Public http or https address that is told of the end; see `/webhooks/secret`.'),
  external_id: z.string().max(200).optional().describe('Your own name for the task; given back as it is.'),
  on_truncated: z
    .enum(truncatedChoices)
    .optional()
    .describe(
      'A video that is cut off: `make` makes what is there, with a warning; `refuse` fails. Without it, as the profile says.',
    ),
};

/** JSON can bring a whole profile. */
const ownOption = {
  profile: z
    .union([options.profile.unwrap(), ownProfileSchema])
    .default('idrl')
    .describe('Name of a profile, see /profiles, or a profile of your own for this task alone.'),
};

export const newTaskBody = z
  .strictObject({
    url: z.string().max(2048).optional().describe('Public http or https address of the video.'),
    upload_id: z.uuid().optional().describe('An upload of yours whose file is there; see `POST /uploads`.'),
    ...options,
    ...ownOption,
    priority: z.int().min(-10).max(10).default(0).describe('Among your own tasks, higher ones go first.'),
  })
  .refine(({ url, upload_id }) => (url === undefined) !== (upload_id === undefined), {
    message: 'Give either `url` or `upload_id`.',
    path: ['url'],
  })
  .meta({ id: 'NewTask', oneOf: [{ required: ['url'] }, { required: ['upload_id'] }] });

export const replayBody = z
  .strictObject({
    ...options,
    profile: ownOption.profile
      .unwrap()
      .optional()
      .describe('Name of a profile, or one of your own; without it the one that the task was made by, as it was.'),
  })
  .meta({ id: 'Replay' });

/** The fields of a multipart request; the file comes as `video`. */
export const newUploadFields = z.strictObject(options);

export const newUploadForm = newUploadFields
  .extend({ video: z.string().meta({ format: 'binary', description: 'The video file.' }) })
  .meta({ id: 'NewUpload' });

export const newTaskQuery = z.object({
  dry_run: z
    .enum(['0', '1'])
    .default('0')
    .describe('1 only fetches and looks at the video: `plan` then says what the task would come to.'),
});

export const newTaskHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('The same key answers the same task, however often it is sent.'),
});

export const taskParams = z.object({ id: z.uuid() });

export const deleteQuery = z.object({
  if: z
    .literal('unfinished')
    .optional()
    .describe('Abort only: without it, a task that has ended meanwhile is removed with its clips.'),
});

export const listQuery = z.object({
  max: z.coerce.number().int().min(1).max(MOST_LISTED).default(20).describe('Most rows.'),
  order: z.enum(['0', '1']).default('1').describe('0 oldest first, 1 newest first.'),
  status: z.enum(taskStatuses).optional(),
  cursor: z.string().max(64).optional().describe('From the Link header of the page before.'),
});

const time = z.iso.datetime().nullable();

const taskError = z
  .object({
    code: z.enum(Object.keys(problemCodes) as [ProblemCode, ...ProblemCode[]]),
    phase: z.enum(stepKinds),
    part: z.int().nullable(),
    message: z.string().describe('For people. It may say more of this video than the code does.'),
    retryable: z.boolean(),
  })
  .meta({ id: 'TaskError' });

const summaryFields = {
  task_id: z.uuid(),
  status: z.enum(taskStatuses),
  profile: z.string(),
  priority: z.int(),
  external_id: z.string().nullable(),
  source: z.object({ kind: z.enum(['url', 'upload']), url: z.string().optional(), name: z.string().optional() }),
  error: taskError.nullable(),
  dry_run: z.boolean().describe('Only the video was looked at: there are no parts.'),
  created_at: z.iso.datetime(),
  started_at: time,
  finished_at: time,
};

export const taskSummary = z
  .object({ ...summaryFields, parts: z.int(), parts_done: z.int() })
  .meta({ id: 'TaskSummary' });

const part = z
  .object({
    part: z.int(),
    start: z.number().describe('Seconds into the source.'),
    end: z.number(),
    state: z.enum(stepStates),
    progress: z.number().describe('0 to 1.'),
    attempt: z.int(),
    error: taskError.nullable(),
  })
  .meta({ id: 'Part' });

const clip = z
  .object({
    part: z.int(),
    name: z.string(),
    url: z.string().describe('Good until `url_expires_at`; read the task again for another.'),
    url_expires_at: z.iso.datetime(),
    bytes: z.int(),
    sha256: z.string(),
    seconds: z.number().describe('Length, bumpers included.'),
    frames: z.int(),
    width: z.int(),
    height: z.int(),
    has_sound: z.boolean(),
  })
  .meta({ id: 'Clip' });

export const taskSchema = z
  .object({
    ...summaryFields,
    media: mediaSchema.nullable().describe('What the video is; null until it was looked at.'),
    warnings: z
      .array(warningSchema)
      .describe('What was left out or assumed. What was made is right as far as the video goes.'),
    progress: z.object({
      phase: z.enum(['waiting', ...stepKinds, 'ended']),
      percent: z.number(),
      eta_seconds: z.number().nullable(),
    }),
    plan: z
      .object({
        parts: z.int(),
        outputs: z.int().describe('Files that you would get, a stream counting as one.'),
        cpu_seconds: z.number(),
        seconds: z.number().nullable().describe('Until all is done, as things were; null where there was no worker.'),
        estimated_cost: z.number().describe('`cpu_seconds` in USD, at the price that the operator has set.'),
      })
      .nullable()
      .describe('What the task would come to; only of a dry run.'),
    usage: z.object({
      cpu_seconds: z.number().describe('Of the FFmpegs that ran to their end, failed attempts included.'),
      source_bytes: z.int(),
      stored_bytes: z.int().describe('Source and clips.'),
      estimated_cost: z.number().describe('`cpu_seconds` in USD, at the price that the operator has set.'),
    }),
    parts: z.array(part),
    clips: z.array(clip),
    zip_url: z.string().nullable().describe('All clips in one archive; good for as long as the clips.'),
    stream_url: z.string().nullable().describe('Playlist of the HLS stream, for any player; good for 12 hours.'),
    poster_url: z.string().nullable().describe('A picture out of the stream; good for as long as the clips.'),
  })
  .meta({ id: 'Task' });
