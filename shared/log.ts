import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Structured lines on standard output, one JSON object each; `request_id`, `task_id` and `step` tie them together. */
export function createLog(level: string, name: string): Log {
  return pino({
    level,
    base: { name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['*.password', '*.token', '*.refresh_token', 'req.headers.authorization'], censor: '[hidden]' },
  });
}
