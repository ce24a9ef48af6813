import { destination, pino, stdTimeFunctions, type Logger } from 'pino';

export type Log = Logger;

/**
 * Structured lines, one JSON object each; `request_id`, `task_id` and `step` tie them together.
 *
 * @param file where they go instead of standard output
 */
export function createLog(level: string, name: string, file?: string): Log {
  const options = {
    level,
    base: { name, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['*.password', '*.token', '*.refresh_token', 'req.headers.authorization'], censor: '[hidden]' },
  };
  // Synchronous: the last lines before a process leaves are the ones that are looked for.
  return pino(options, destination({ dest: file ?? 1, sync: true, mkdir: true }));
}
