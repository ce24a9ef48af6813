import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { undo, type Cleanup } from '../../kit/undo.ts';

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const chromiumPath = places.find((place) => place && existsSync(place));

/** Why tests in it are skipped, or false. Under CI a skipped test is an error. */
export const withoutBrowser = chromiumPath
  ? false
  : 'there is no Chromium (apt-get install chromium), or name it in CHROMIUM_PATH';

/** As root, and without asking anything of the rest of the world. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function startBrowser(t: Cleanup): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ARGS });
  undo(t, () => browser.close());
  return browser;
}

/** A window of one visitor, and what it complained of: errors of scripts, of the console, of the policy. */
export interface Visit {
  page: Page;
  complaints: string[];
  /** Another window of the same visitor. */
  another(): Promise<Visit>;
}

/** Answers that the page copes with; Chromium writes a line for each all the same. */
const COPED_WITH =
  /Failed to load resource: .*(40[01349]|429|503|ERR_FAILED|ERR_UPLOAD_FILE_CHANGED|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_CONNECTION_RESET)/;

export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 800 },
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
    baseURL: url,
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const open = async (): Promise<Visit> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !COPED_WITH.test(message.text())) complaints.push(message.text());
    });
    await page.goto('/');
    return { page, complaints, another: open };
  };
  return open();
}

/** Keeps a picture of the view in build/screenshots, to be looked at. */
export async function picture(page: Page, name: string, { whole = true } = {}): Promise<void> {
  const folder = path.join(import.meta.dirname, '../../../build/screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: whole, animations: 'disabled' });
}
