import type { Media } from './media.ts';
import type { ClipInput } from './plan.ts';
import type { ProblemCode } from './problem.ts';
import type { Profile } from './profile.ts';
import type { StepKind, StepState, TaskStatus } from './states.ts';

/** Where a task's video comes from. Pure types, as the columns keep them. */
export type Source = { kind: 'url'; url: string } | { kind: 'upload'; name: string };

/** A failure as kept in the tables and shown to the owner; the operator's detail stays in the log. */
export interface TaskError {
  code: ProblemCode;
  /** Where it happened. */
  phase: StepKind;
  part: number | null;
  message: string;
  retryable: boolean;
}

/** The whole sound of a source as made and stored. */
export interface StoredSound {
  key: string;
  bytes: number;
  seconds: number;
}

/** One of several files that belong together. */
export interface StoredFile {
  name: string;
  key: string;
  bytes: number;
}

/** A part that waits to be joined: its pictures, in each size. `frames` is how many, the bumper's included. */
export interface StoredPart {
  files: StoredFile[];
  bytes: number;
  frames: number;
}

/** A stream of several sizes: playlists, media, pictures. Width and height are the largest's. */
export interface StoredStream {
  files: StoredFile[];
  bytes: number;
  seconds: number;
  frames: number;
  width: number;
  height: number;
  has_sound: boolean;
}

/** A clip as made and stored. `seconds` is its whole length, bumpers included. */
export interface StoredClip {
  key: string;
  bytes: number;
  sha256: string;
  seconds: number;
  frames: number;
  width: number;
  height: number;
  has_sound: boolean;
}

/** What a task would come to. */
export interface TaskPlan {
  parts: number;
  /** Files that its owner would get, a stream counting as one. */
  outputs: number;
  cpu_seconds: number;
  /** Until all is done, with the workers and the backlog of then; null while there was no worker. */
  seconds: number | null;
}

export interface Task {
  id: string;
  owner_id: string;
  status: TaskStatus;
  profile: Profile;
  priority: number;
  external_id: string | null;
  callback_url: string | null;
  source: Source;
  source_key: string | null;
  media: Media | null;
  error: TaskError | null;
  /** Only the source is looked at, and `plan` says what the rest would come to. */
  dry_run: boolean;
  plan: TaskPlan | null;
  /** Source and clips; a bigint, which Postgres gives as text. */
  stored_bytes: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface Step {
  id: string;
  kind: StepKind;
  part: number | null;
  state: StepState;
  attempt: number;
  progress: number;
  input: ClipInput | null;
  output: StoredClip | StoredPart | StoredSound | StoredStream | Record<string, never> | null;
  error: TaskError | null;
  /** What its FFmpegs took, over all attempts; null where none ran to its end. */
  cpu_seconds: number | null;
  started_at: Date | null;
  finished_at: Date | null;
}

/** The right to one step. Every write of its holder names the attempt; see decision 2 of the design. */
export interface Lease {
  step: string;
  attempt: number;
  worker: string;
  task: string;
  owner: string;
  kind: StepKind;
  part: number | null;
}

/** A step just claimed, with what its work needs to know. */
export interface ClaimedStep extends Lease {
  input: ClipInput | null;
  profile: Profile;
  source: Source;
  source_key: string | null;
  media: Media | null;
  dry_run: boolean;
  request_id: string | null;
  /** W3C trace context of the request that made the task. */
  trace: string | null;
}
