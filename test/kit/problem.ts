import assert from 'node:assert/strict';
import type { Answer } from './client.ts';

export interface ProblemBody {
  status: number;
  code: string;
  detail: string;
  request_id: string;
  errors?: { field: string }[];
}

/** An answer must be problem+json with this status and code, under the request's own id. */
export function assertProblem(answer: Answer, status: number, code: string): ProblemBody {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  const problem = answer.body as ProblemBody;
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  assert.equal(problem.request_id, answer.headers.get('x-request-id'));
  return problem;
}
