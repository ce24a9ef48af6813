import { readFile } from 'node:fs/promises';
import type { Fleet } from './fleet.ts';
import { draw } from './recipes.ts';
import type { Submission } from './submit.ts';

export interface HalfServed {
  url: string;
  /** Resolves when the first half has been sent to somebody. */
  half: Promise<void>;
  /** From now on all of it is sent. */
  rest(): void;
}

/** Serves the video of a submission at an address of its own, and at first only half of it. */
export async function serveHalf({ videos }: Fleet, { key, recipe }: Submission): Promise<HalfServed> {
  const bytes = await readFile(await draw(recipe));
  const middle = Math.floor(bytes.length / 2);
  let isWhole = false;
  let sent: () => void = () => {};
  const half = new Promise<void>((resolve) => (sent = resolve));
  const url = videos.answering(`half-${key}.mp4`, (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length, 'content-type': 'video/mp4' });
    if (isWhole) response.end(bytes);
    else response.write(bytes.subarray(0, middle), () => sent());
  });
  return { url, half, rest: () => void (isWhole = true) };
}
