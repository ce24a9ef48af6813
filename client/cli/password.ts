import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Misused } from './arguments.ts';

/** What is typed, without showing it. @throws Misused where there is nobody to type */
export async function askSecretly(question: string, signal: AbortSignal): Promise<string> {
  return ask(question, signal, new Writable({ write: (_chunk, _encoding, done) => done() }));
}

export async function askOpenly(question: string, signal: AbortSignal): Promise<string> {
  return ask(question, signal, process.stderr);
}

async function ask(question: string, signal: AbortSignal, output: NodeJS.WritableStream): Promise<string> {
  if (!process.stdin.isTTY) throw new Misused('There is no terminal to ask on: give --email, and CLAQUETA_PASSWORD.');
  process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  // In this mode Ctrl-C is a character and no signal.
  const stop = new AbortController();
  lines.on('SIGINT', () => stop.abort(new Error('SIGINT')));
  try {
    return await lines.question('', { signal: AbortSignal.any([signal, stop.signal]) });
  } finally {
    lines.close();
    if (output !== process.stderr) process.stderr.write('\n');
  }
}
