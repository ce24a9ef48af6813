import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * Waits for the head of the answer, whatever becomes of the connection instead. Node tells neither `response` nor `error`
 * of an answer that changes the protocol: it closes, and whoever waits for those two waits for ever.
 *
 * @param signal ends the wait as well, should the connection not
 * @throws Error when there is no answer
 */
export function answerTo(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('upgrade', (answer, socket) => {
      socket.destroy();
      reject(new Error(`answered ${answer.statusCode}, another protocol`));
    });
    request.once('close', () => reject(new Error('closed without an answer')));
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    request.once('response', (answer) => {
      // A body that nobody reads fails when its connection ends; without a listener that would end the process.
      answer.on('error', () => {});
      resolve(answer);
    });
  });
}
