import { texts } from '../settings/language.ts';

/** The API said no. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Names of the fields that are wrong. */
  readonly fields: string[];

  constructor(status: number, problem: { code?: string; detail?: string; errors?: { field: string }[] }) {
    super(problem.detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? '';
    this.fields = problem.errors?.map(({ field }) => field) ?? [];
  }
}

/** The API did not answer, or was not there to. */
export class Unreachable extends Error {}

/** A file on this machine is not what it was when it was chosen. */
export class Unreadable extends Error {}

/** An error in words, in the language of now. */
export function inWords(error: unknown): string {
  const { refusals, unreachable, upload } = texts.value;
  if (error instanceof Unreadable) return upload.unreadable;
  if (error instanceof Unreachable) return unreachable;
  if (!(error instanceof Refusal)) return refusals.internal;
  return error.code in refusals ? refusals[error.code as keyof typeof refusals] : error.message;
}
