import type { z } from 'zod';
import type { Profile } from '../../../shared/task/profile.ts';
import type { taskSchema, taskSummary } from '../../tasks/schema.ts';

/** What the API answers, by the schemas that it validates with. */
export type Task = z.output<typeof taskSchema>;
export type Progress = Task['progress'];
/** A task as the list has it. */
export type Row = z.output<typeof taskSummary> & { progress?: Progress | undefined };
export type Part = Task['parts'][number];
export type Clip = Task['clips'][number];
export type Warning = Task['warnings'][number];
export type TaskError = NonNullable<Task['error']>;
export type Status = Task['status'];
export type { Profile };

export interface Upload {
  upload_id: string;
  url: string;
  headers: Record<string, string>;
  expires_at: string;
}

export interface Account {
  id: string;
  username: string;
  email: string;
  role: string;
}
