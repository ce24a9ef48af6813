import { isFullDisk } from '../full-disk.ts';

/**
 * What can go wrong with a task or a step, in words for its owner. Pure.
 *
 * `message` is read by the owner of the video and says what to do; `detail` is for the operator and only ever logged.
 */
export const problemCodes = {
  source_refused: 'The address of the video cannot be used. Give a public http or https address.',
  source_unreachable:
    'The video could not be downloaded: the server did not answer, or broke off. Check the address and try again.',
  source_not_found: 'The server says that there is no video at this address.',
  source_denied: 'The server does not let us download this video. Make it public or upload it.',
  source_timeout: 'The download took too long. Try again, or upload the video.',
  source_too_large: 'The video is larger than this service accepts.',
  source_too_long: 'The video is longer than this service accepts.',
  source_empty: 'The file is empty.',
  source_not_video: 'This is not a video file that we can read.',
  source_no_picture: 'The file has no pictures, only sound.',
  source_truncated:
    'The video is cut off or damaged: it says that it is longer than what is there. Send the whole file.',
  source_unsupported: 'The video uses a format that this service does not decode.',
  clip_failed: 'A part of the video could not be encoded.',
  clip_impossible: 'A part of the video cannot be made from this source.',
  clip_wrong: 'A part of the video did not come out as planned.',
  step_timeout: 'The work took too long and was stopped.',
  worker_lost: 'The machine that worked on this was lost, more than once.',
  storage_failed: 'The files could not be stored or read.',
  internal: 'Something went wrong on our side.',
} as const;

export type ProblemCode = keyof typeof problemCodes;

/** Codes whose cause may be gone on the next try: the step is leased again until its tries are used up. */
const passing: ReadonlySet<ProblemCode> = new Set([
  'source_unreachable',
  'source_timeout',
  'clip_failed',
  'clip_wrong',
  'step_timeout',
  'worker_lost',
  'storage_failed',
  'internal',
]);

/** A failure of a step, thrown by whoever finds it and kept on the step and its task. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;

  /**
   * @param code names the owner's message
   * @param detail what the operator needs; goes to the log, never to the owner
   * @param options.words of ours for the owner, where more is known than the code's message says; `safeName` lets names of the
   *   source's into them
   */
  constructor(code: ProblemCode, detail?: string, { words, ...options }: ErrorOptions & { words?: string } = {}) {
    super(words ?? problemCodes[code], options);
    this.name = 'Problem';
    this.code = code;
    this.detail = detail;
  }

  get retryable(): boolean {
    return passing.has(this.code);
  }

  /** Any error as a Problem: what nobody foresaw is `internal`, with its cause kept for the log. */
  static from(error: unknown): Problem {
    if (error instanceof Problem) return error;
    const code = isFullDisk(error) ? 'storage_failed' : 'internal';
    return new Problem(code, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Longest name of a source's that owners are told. */
const LONGEST_NAME = 40;

/** A name out of a source, for example of a codec, as it may stand in words for its owner: letters, digits and `_.- `. Pure. */
export function safeName(found: string | null | undefined): string {
  const name = (found ?? '').replace(/[^A-Za-z0-9_. -]+/g, '').trim();
  return name === '' ? 'unknown' : name.slice(0, LONGEST_NAME);
}
