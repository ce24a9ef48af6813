import { Refusal, Unreachable } from '../api/refusal.ts';

/** A connection on which nothing moves for so long is given up. */
const STALL_MS = 30_000;

interface Putting {
  url: string;
  headers: Record<string, string>;
  range: string;
  body: Blob | null;
  onProgress?: (bytes: number) => void;
  signal: AbortSignal;
}

/**
 * Sends one piece, or asks with none. By XMLHttpRequest, because fetch does not tell how far it is.
 *
 * @returns the answer's status, 308 while more is to come, and its Range
 * @throws Refusal when the address is not good any more, Unreachable when trying again may help
 */
export function put({ url, headers, range, body, onProgress, signal }: Putting) {
  return new Promise<{ status: number; range: string | null }>((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled: ReturnType<typeof setTimeout> | undefined;
    const moved = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALL_MS);
    };
    const stop = () => request.abort();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Range', range);
    request.upload.onprogress = ({ loaded }) => {
      moved();
      onProgress?.(loaded);
    };
    request.onabort = request.onerror = () => reject(new Unreachable('the connection broke'));
    request.onload = () => {
      const { status } = request;
      if (status === 308 || (status >= 200 && status < 300)) {
        resolve({ status, range: request.getResponseHeader('Range') });
        return;
      }
      const problem = problemIn(request.responseText);
      const mayPass = status >= 500 || [408, 429].includes(status) || problem.code === 'upload_broken';
      reject(mayPass ? new Unreachable(`HTTP ${status}`) : new Refusal(status, problem));
    };
    request.onloadend = () => {
      clearTimeout(stalled);
      signal.removeEventListener('abort', stop);
    };
    signal.addEventListener('abort', stop);
    moved();
    if (signal.aborted) stop();
    else request.send(body);
  });
}

function problemIn(text: string): { code?: string } {
  try {
    return JSON.parse(text) as { code?: string };
  } catch {
    return {};
  }
}
