import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { rows } from '../../shared/db/connect.ts';
import { freshFolder } from '../kit/folder.ts';
import { until } from '../kit/until.ts';
import { barriers } from './kit/axe.ts';
import { picture, withoutBrowser } from './kit/browser.ts';
import { chooseFile, signUp } from './kit/page.ts';
import { setStage } from './kit/stage.ts';
import { MB, networkOf, sentMoreThan } from './kit/upload.ts';

test('files on their way', { skip: withoutBrowser }, async (t) => {
  // What becomes of them is not looked at here.
  const stage = await setStage(t, { workers: 0 });
  const folder = await freshFolder(t);
  const visitor = await stage.visit();
  const { page, complaints } = visitor;
  await signUp(page);
  const network = await networkOf(page);
  const upload = (name: string) => page.locator('.upload', { hasText: name });
  const task = (name: string, on = page) => on.locator('.row-link', { hasText: name });
  const open = async () => (await rows(stage.service.db, 'select id from uploads', {})).length;

  async function file(name: string, bytes: number): Promise<string> {
    const place = path.join(folder, name);
    await writeFile(place, Buffer.alloc(bytes, name));
    return place;
  }

  await t.test('an empty one is not even begun', async () => {
    await chooseFile(page, await file('empty.mp4', 0));
    await upload('empty.mp4').getByText('The file is empty.').waitFor();
    assert.equal(await open(), 0);
    await page.getByRole('button', { name: 'Stop and forget: empty.mp4' }).click();
  });

  await t.test(
    'one that changes says so, leaves its place to others, and is replaced when it is chosen again',
    async () => {
      await network.slow(8 * MB);
      const changing = await file('changing.mp4', 20 * MB);
      await chooseFile(page, changing);
      await sentMoreThan(page, 10);
      await appendFile(changing, 'more');
      await upload('changing.mp4').getByText('The file changed or is gone. Choose it again.').waitFor();
      assert.deepEqual(await barriers(page), []);
      await picture(page, 'upload-changed');
      await network.mend();
      await chooseFile(page, changing);
      await task('changing.mp4').waitFor();
      await upload('changing.mp4').waitFor({ state: 'detached' });
      await until(async () => (await open()) === 0, { what: 'what was sent of the old one is given up' });
    },
  );

  await t.test('one that is stopped and forgotten is given up, also while it is being opened', async () => {
    let answer = (): void => undefined;
    const isAsked = new Promise<void>((asked) => {
      void page.route('**/uploads', async (route) => {
        const response = await route.fetch();
        asked();
        await new Promise<void>((resolve) => (answer = resolve));
        await route.fulfill({ response });
      });
    });
    await chooseFile(page, await file('stopped.mp4', 1_000));
    await isAsked;
    await page.getByRole('button', { name: 'Pause: stopped.mp4' }).click();
    await page.getByRole('button', { name: 'Stop and forget: stopped.mp4' }).click();
    assert.equal(await open(), 1);
    answer();
    await until(async () => (await open()) === 0, { what: 'the upload is given up' });
    await page.unroute('**/uploads');
  });

  await t.test('one that is dropped in a task is sent; a folder is not', async () => {
    await task('changing.mp4').click();
    await page.getByRole('button', { name: 'Copy id' }).waitFor();
    const inside = path.join(folder, 'holiday.mp4');
    await mkdir(inside);
    await dropOn(page, inside);
    await page.getByText('Folders cannot be uploaded.').waitFor();
    await network.slow(4 * MB);
    await dropOn(page, await file('dropped.mp4', 20 * MB));
    await page.getByRole('link', { name: '1 upload under way, to your videos' }).waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, 'upload-elsewhere', { whole: false });
    await page.getByRole('link', { name: '1 upload under way' }).click();
    await upload('dropped.mp4').waitFor();
  });

  await t.test('the same in two windows is one task', async () => {
    const { page: other } = await visitor.another();
    await chooseFile(other, path.join(folder, 'dropped.mp4'));
    await other.locator('.upload').getByText('Another window sends this file').waitFor();
    await network.mend();
    await Promise.all([task('dropped.mp4').waitFor(), task('dropped.mp4', other).waitFor()]);
    await other.locator('.upload').waitFor({ state: 'detached' });
    assert.equal(await task('dropped.mp4', other).count(), 1);
    await other.close();
  });

  await t.test('the end of the session says that they have stopped', async () => {
    await network.slow(MB);
    await chooseFile(page, await file('last.mp4', 20 * MB));
    await sentMoreThan(page, 1);
    await page.route('**/auth/refresh', (route) => route.fulfill({ status: 401, json: { code: 'unauthorized' } }));
    await page.evaluate(`
      const session = JSON.parse(localStorage.getItem('claqueta.session'));
      localStorage.setItem('claqueta.session', JSON.stringify({ ...session, expires_at: 0 }))`);
    await page.getByRole('button', { name: 'Failed', exact: true }).click();
    await page.getByText('Your session is over. Please log in again. Uploads under way have stopped.').waitFor();
    await picture(page, 'session-over');
  });

  assert.deepEqual(complaints, []);
});

/** Drops it on the page as from the desktop. */
async function dropOn(page: Page, place: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const where = { x: 400, y: 400, data: { items: [], files: [place], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, ...where });
  }
  await devtools.detach();
}
