import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { Fleet } from './fleet.ts';
import { draw } from './recipes.ts';
import type { Submission } from './submit.ts';

export interface HalfServed {
  url: string;
  /** Resolves when the first half has been sent to somebody. */
  half: Promise<void>;
  /** The other half is sent, and from now on all of it. */
  rest(): void;
}

/** Serves the video of a submission at an address of its own, and at first only half of it. */
export async function serveHalf({ videos }: Fleet, { key, recipe }: Submission): Promise<HalfServed> {
  const bytes = await readFile(await draw(recipe));
  const middle = Math.floor(bytes.length / 2);
  const waiting: ServerResponse[] = [];
  let isWhole = false;
  let sent: () => void = () => {};
  const half = new Promise<void>((resolve) => (sent = resolve));
  const url = videos.answering(`half-${key}.mp4`, (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length, 'content-type': 'video/mp4' });
    if (isWhole) return void response.end(bytes);
    waiting.push(response);
    response.write(bytes.subarray(0, middle), () => sent());
  });
  return {
    url,
    half,
    rest() {
      isWhole = true;
      for (const response of waiting) response.end(bytes.subarray(middle));
    },
  };
}
