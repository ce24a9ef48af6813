import { Problem } from '../task/problem.ts';
import type { Draft } from './draft.ts';
import type { DownloadLimits } from './limits.ts';
import { rateOver, ticksInWindow } from './rate.ts';

export interface Receiving {
  limits: Required<DownloadLimits>;
  /** Ends this body; its reason is the error. */
  stop: AbortController;
  /** Told after each chunk of the length of the draft. */
  onProgress: (bytes: number) => void;
}

/**
 * Adds the chunks of a body to what is there already.
 * @throws Problem
 */
export async function receiveBody(chunks: AsyncIterable<Buffer>, draft: Draft, receiving: Receiving): Promise<void> {
  const { limits, onProgress, stop } = receiving;
  let came = 0;
  const watch = watchRate(() => came, receiving);
  try {
    for await (const chunk of chunks) {
      came += chunk.length;
      if (draft.bytes + chunk.length > limits.maxBytes)
        throw new Problem('source_too_large', `more than ${limits.maxBytes} bytes`);
      await draft.add(chunk);
      onProgress(draft.bytes);
    }
  } finally {
    clearInterval(watch);
  }
  // A body that is complete ends in good order, stopped or not.
  stop.signal.throwIfAborted();
}

/**
 * A byte now and then keeps any time-out between bytes from firing, so what counts is the rate.
 *
 * A body that came fast enough before, or of which nothing comes any more, has lost its connection: another may do. One
 * that is slow from its beginning comes from a slow server.
 */
function watchRate(received: () => number, { limits, stop }: Receiving): NodeJS.Timeout {
  const rate = rateOver(limits.windowSeconds);
  let wasFast = false;
  let before = 0;
  let silentTicks = 0;
  const look = () => {
    const bytes = received();
    silentTicks = bytes === before ? silentTicks + 1 : 0;
    before = bytes;
    const measured = rate(bytes);
    if (measured === null) return;
    if (measured >= limits.minBytesPerSecond) wasFast = true;
    else {
      const code = wasFast || silentTicks >= ticksInWindow / 2 ? 'source_unreachable' : 'source_timeout';
      stop.abort(new Problem(code, `${Math.round(measured)} bytes a second`));
    }
  };
  return setInterval(look, (limits.windowSeconds * 1000) / ticksInWindow);
}
