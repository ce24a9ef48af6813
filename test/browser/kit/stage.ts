import type { TestContext } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { startService, type Service } from '../../kit/service.ts';
import { serveVideos, type VideoServer } from '../../kit/video-server.ts';
import { startBrowser, visit, type Visit } from './browser.ts';
import { builtPage } from './page.ts';

/** The real service with the page as built, a browser, and a server of videos: shared by the tests of one file. */
export interface Stage {
  service: Service;
  browser: Browser;
  videos: VideoServer;
  /** Address of a video that never comes: its task is under way until somebody aborts it. */
  endless: string;
  visit(options?: BrowserContextOptions): Promise<Visit>;
}

export async function setStage(
  t: TestContext,
  options: { workers?: number; env?: Record<string, string> } = {},
): Promise<Stage> {
  await builtPage();
  // First, so that it is closed first: the service need not wait for its connections then.
  const browser = await startBrowser(t);
  const videos = await serveVideos(t);
  const env = { SOURCE_ALLOW: videos.allow, ...options.env };
  const service = await startService(t, { ...options, env });
  const endless = videos.answering('endless.mp4', (_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 1_000_000 }).flushHeaders();
  });
  return { service, browser, videos, endless, visit: (more) => visit(browser, service.url, more) };
}
