/** Keeps what is secret out of the log, whoever put it into an error or a text. Pure. */
export const HIDDEN = '[hidden]';

/** Whatever is called so is nobody's business, wherever in a line it stands. */
export const SECRET: ReadonlySet<string> = new Set([
  'password',
  'password_2',
  'token',
  'refresh_token',
  'authorization',
]);

/**
 * In the order in which they are looked for. Clients choose the paths that are logged, so no pattern may begin anew at
 * every place of a text: of 16,000 slashes that takes half a second.
 */
const patterns: [RegExp, string][] = [
  // The password of an address, such as the database's.
  [/(\w:\/\/[^\s/:@"']*):[^\s/@"']*@/g, `$1:${HIDDEN}@`],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]+/gi, `$1 ${HIDDEN}`],
  // The permission of a stream stands in its path, behind the task.
  [/(\/streams\/+[0-9a-f-]{0,36})[^/\s"'<>]*/gi, `$1.${HIDDEN}`],
  // Tokens in the compact form of RFC 7519.
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN],
];

/** A text with addresses' queries and passwords, and tokens, taken out. */
export function withoutSecrets(text: string): string {
  const left = text.replaceAll(/[^\s"'<>]+/g, withoutQuery);
  return patterns.reduce((rest, [pattern, by]) => rest.replaceAll(pattern, by), left);
}

/** What follows a question mark in an address: signed ones carry their signature there, others a token. */
function withoutQuery(word: string): string {
  const slash = word.indexOf('/');
  const mark = slash < 0 ? -1 : word.indexOf('?', slash);
  return mark < 0 || mark === word.length - 1 ? word : `${word.slice(0, mark)}?${HIDDEN}`;
}

/** What of an error tells where to look. All else may hold a row of the database, a request, or its headers. */
const TELLING = [
  ...['code', 'errno', 'syscall', 'address', 'port', 'signal', 'exitCode', 'status'],
  ...['severity', 'schema', 'table', 'column', 'constraint', 'routine'],
];

/** Errors in errors: enough for every cause of ours, and an end for those that name themselves. */
const DEEPEST = 5;

export interface LoggedError {
  type: string;
  message: string;
  stack?: string;
  cause?: LoggedError;
  errors?: LoggedError[];
  [telling: string]: unknown;
}

/** An error as the log may have it, with its causes. What is no error is told as a text. */
export function errorForLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutSecrets(textOf(error)) };
  const known = error as Error & Record<string, unknown>;
  const told = TELLING.filter((name) => ['string', 'number'].includes(typeof known[name]));
  const deeper = (inner: unknown) => errorForLog(inner, depth + 1);
  const more = depth < DEEPEST;
  return {
    type: error.constructor.name,
    message: withoutSecrets(error.message),
    ...(error.stack && { stack: withoutSecrets(error.stack) }),
    ...Object.fromEntries(told.map((name) => [name, tell(known[name])])),
    ...(more && error.cause !== undefined && { cause: deeper(error.cause) }),
    ...(more && error instanceof AggregateError && { errors: error.errors.slice(0, 10).map(deeper) }),
  };
}

/** Stacks of an error and its causes in one text, for those who group by it. */
export function stackOf({ stack, message, cause }: LoggedError): string {
  return `${stack ?? message}${cause ? `\ncaused by: ${stackOf(cause)}` : ''}`;
}

function tell(value: unknown): unknown {
  return typeof value === 'string' ? withoutSecrets(value) : value;
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** The fields of a line, with errors told, texts cleaned, and nothing in them that is called as what is secret is. */
export function fieldsForLog(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) told[name] = SECRET.has(name) ? HIDDEN : valueForLog(fields[name], depth + 1);
  return told;
}

function valueForLog(value: unknown, depth: number): unknown {
  if (value instanceof Error) return errorForLog(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return tell(value);
  if (depth > DEEPEST) return textOf(value);
  // What has a form of its own in JSON, as headers have, is looked through in that form.
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return valueForLog(ownForm(value as { toJSON: () => unknown }), depth + 1);
  if (Array.isArray(value)) return value.map((one) => valueForLog(one, depth + 1));
  return fieldsForLog(value as Record<string, unknown>, depth);
}

function ownForm(value: { toJSON: () => unknown }): unknown {
  try {
    return value.toJSON();
  } catch {
    return 'an object';
  }
}
