import type { Page } from 'playwright-core';
import { until } from '../../kit/until.ts';

export const MB = 1_000_000;

/** An mp4 with a box at its end that players pass over. */
export function padded(video: Buffer, bytes: number): Buffer {
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes, 0);
  box.write('free', 4);
  return Buffer.concat([video, box]);
}

/** The way between this page and the rest of the world. */
export async function networkOf(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  const set = (offline: boolean, uploadThroughput = -1) =>
    devtools.send('Network.emulateNetworkConditions', {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  await devtools.send('Network.enable');
  return { slow: (bytesPerSecond: number) => set(false, bytesPerSecond), cut: () => set(true), mend: () => set(false) };
}

export async function sentMoreThan(page: Page, percent: number): Promise<void> {
  const bar = page.getByRole('progressbar', { name: 'Upload of' });
  const now = async () => Number(await bar.getAttribute('aria-valuenow'));
  await until(async () => (await now()) > percent, { what: `more than ${percent} % is sent` });
}

/** Where pieces that are sent begin, as they are sent. */
export function beginnings(page: Page): number[] {
  const starts: number[] = [];
  page.on('request', (request) => {
    const start = /^bytes (\d+)-/.exec(request.headers()['content-range'] ?? '')?.[1];
    if (request.method() === 'PUT' && start !== undefined) starts.push(Number(start));
  });
  return starts;
}
