import { Problem } from '../task/problem.ts';

/** Resolvers say so when a name is known not to exist, or to have no address. A resolver that is away says EAI_AGAIN. */
const noSuchName: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * What a failure before the head of the answer means for the owner.
 *
 * A name that does not exist is `source_refused` and not the passing `source_unreachable`: it is still wrong on the next
 * try, and a stranger must not learn which names exist in a private network from the difference to a refused one.
 */
export function askingProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = noSuchName.has(codeOf(error)) ? 'source_refused' : 'source_unreachable';
  return new Problem(code, describe(error), { cause: error });
}

/**
 * What a failure while the body is read means: always that the connection broke, and another may hold. Whether the
 * server ended an answer too early or somebody on the way did cannot be told apart.
 * @param connection what was wrong with the connection itself; undefined when the server closed it in good order
 */
export function readingProblem(error: unknown, connection: Error | undefined): Problem {
  if (error instanceof Problem) return error;
  const cause = connection ?? error;
  return new Problem('source_unreachable', describe(cause), { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function describe(error: unknown): string {
  return error instanceof Error ? `${codeOf(error)} ${error.message}`.trim() : String(error);
}
