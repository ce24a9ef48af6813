import { exampleOf } from './example.ts';
import type { Description, Operation } from './operations.ts';

/** The command that asks a route; what differs from call to call is a shell variable. Pure. */
export function curlOf(description: Description, operation: Operation, origin: string): string {
  const { method, path, owner, parameters, bodies, answers } = operation;
  const must = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const query = must.map(({ name, schema }) => `${name}=${String(exampleOf(description, schema, name))}`).join('&');
  const address = `${origin}${path.replaceAll(/\{(\w+)\}/g, '$$$1')}${query && `?${query}`}`;
  const [body] = bodies;
  const isStream = answers.some((answer) => answer.bodies.some(([type]) => type === 'text/event-stream'));
  // --json makes it a POST by itself.
  const isPlain = method === 'GET' || (method === 'POST' && body);
  return [
    `curl ${isStream ? '-sN' : '-s'}${isPlain ? '' : ` -X ${method}`} "${address}"`,
    ...(owner ? ['-H "Authorization: Bearer $token"'] : []),
    ...(body ? [`--json ${quoted(JSON.stringify(exampleOf(description, body[1])))}`] : []),
  ].join(' \\\n  ');
}

/** For a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
