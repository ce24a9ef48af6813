import { destination, pino, stdTimeFunctions, type Logger, type LoggerOptions } from 'pino';
import { errorForLog, fieldsForLog, HIDDEN, SECRET, stackOf } from './log-secrets.ts';
import { traceId } from './trace.ts';

export type Log = Logger;

export interface LogOptions {
  /** Where lines go instead of standard output. */
  file?: string | undefined;
  format?: 'plain' | 'google';
}

/** Of what a logger tells with each of its lines. Further down, which takes pino longer than the line, we look ourselves. */
const redact = { paths: [...SECRET], censor: HIDDEN };

/**
 * Structured lines, one JSON object each; `request_id`, `task_id`, `step` and `trace` tie them together.
 *
 * @param level least level that is written
 * @param name of the program
 */
export function createLog(level: string, name: string, { file, format = 'plain' }: LogOptions = {}): Log {
  // Synchronous: the last lines before a process leaves are the ones that are looked for.
  const out = destination({ dest: file ?? 1, sync: true, mkdir: true });
  const form = format === 'google' ? google(name) : plain(name);
  // Ours have told of errors by then; pino's own serializer would tell all that an error has.
  return pino({ level, redact, serializers: { err: (told: unknown) => told }, ...form }, out);
}

/** A log whose lines all say something more. pino gives the fields of a child to no formatter, so they are cleaned here. */
export function childLog(log: Log, fields: Record<string, unknown>): Log {
  return log.child(fieldsForLog(fields));
}

function plain(name: string): LoggerOptions {
  return {
    base: { name, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: fieldsForLog },
  };
}

const severities: Record<string, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** What makes Error Reporting take a line without a stack for an error. */
const REPORTED = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

/**
 * The form of Cloud Logging (https://cloud.google.com/logging/docs/structured-logging), and for errors that of Error
 * Reporting (https://cloud.google.com/error-reporting/docs/formatting-error-messages).
 */
function google(name: string): LoggerOptions {
  return {
    base: { serviceContext: { service: `claqueta-${name}` }, pid: process.pid },
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level(label) {
        const severity = severities[label] ?? 'DEFAULT';
        return label === 'error' || label === 'fatal' ? { severity, '@type': REPORTED } : { severity };
      },
      log({ err, ...fields }) {
        if (!(err instanceof Error)) return fieldsForLog({ ...fields, ...(err !== undefined && { err }) });
        // Error Reporting groups by the stack.
        const told = errorForLog(err);
        return { ...fieldsForLog(fields), stack_trace: stackOf(told), code: told.code };
      },
    },
  };
}

export interface TraceSettings {
  LOG_FORMAT: 'plain' | 'google';
  GOOGLE_CLOUD_PROJECT?: string | undefined;
}

/** What a line says to belong to a trace, in the form of the settings. */
export function traceField(settings: TraceSettings, traceparent: string | null): Record<string, string> {
  const trace = traceId(traceparent);
  if (!trace) return {};
  if (settings.LOG_FORMAT === 'plain') return { trace };
  return { 'logging.googleapis.com/trace': `projects/${settings.GOOGLE_CLOUD_PROJECT}/traces/${trace}` };
}
