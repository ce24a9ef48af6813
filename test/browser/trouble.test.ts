import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { test } from 'node:test';
import { clientWith } from '../kit/client.ts';
import { until } from '../kit/until.ts';
import { altered, sample } from '../kit/videos.ts';
import { barriers } from './kit/axe.ts';
import { picture, withoutBrowser } from './kit/browser.ts';
import { mediaWithWarnings } from './kit/media.ts';
import { chooseFile, signUp, tokenOf } from './kit/page.ts';
import { setStage } from './kit/stage.ts';
import { beginnings, MB, networkOf, padded, sentMoreThan } from './kit/upload.ts';

test('when not all goes well', { skip: withoutBrowser }, async (t) => {
  const stage = await setStage(t);
  const { page, complaints } = await stage.visit();
  await signUp(page);
  const network = await networkOf(page);
  const short = await sample({ seconds: 1 });

  await t.test('a video that cannot be had says why, and is tried again', async () => {
    let isThere = false;
    const url = stage.videos.answering('later.mp4', (_request, response) => {
      if (isThere) createReadStream(short).pipe(response.writeHead(200, { 'content-type': 'video/mp4' }));
      else response.writeHead(404).end();
    });
    await page.getByLabel('Or paste addresses').fill(`not an address\n${url}`);
    await page.getByRole('button', { name: 'Make clips' }).click();
    await page.getByText('This is not an address: not an address').waitFor();
    assert.equal(await page.getByLabel('Or paste addresses').inputValue(), 'not an address', 'the other was taken');
    await page.locator('.row-link', { hasText: 'there is no video at this address' }).click();
    await page.getByRole('button', { name: 'Retry what failed' }).waitFor();
    await picture(page, 'task-failed');
    await page.goBack();
    assert.equal(await page.getByLabel('Or paste addresses').inputValue(), 'not an address', 'it is still there');
    await page.goForward();
    isThere = true;
    await page.getByRole('button', { name: 'Retry what failed' }).click();
    await page.getByText('Done', { exact: true }).waitFor();
  });

  await t.test('what was left out is told with what was made, in the language of the reader', async () => {
    await stage.service.db.raw(`update tasks set media = jsonb_set(media || ?, '{video,hdr}', '"hlg"')`, [
      JSON.stringify(mediaWithWarnings),
    ]);
    await page.reload();
    const notice = page.getByRole('complementary', { name: 'What was left out or assumed' });
    await notice.getByText('The file has tracks that were not used. Two of three.').waitFor();
    assert.equal(await notice.getByRole('listitem').count(), 2);
    await page.getByText('Track 2 of 3 (German): the first one with sound in it').waitFor();
    await page.getByText('HDR (HLG)').waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, 'task-warnings');
    await page.getByLabel('Language').selectOption('es');
    await page.getByText('El archivo tiene pistas que no se usaron. Two of three.').waitFor();
    await page.getByText('Pista 2 de 3 (alemán)').waitFor();
    await picture(page, 'task-warnings-es');
    await page.getByLabel('Idioma').selectOption('en');
  });

  await t.test('what is sent again because no answer came is one task', async () => {
    await page.goto('/#/');
    let isLost = false;
    await page.route('**/tasks', async (route) => {
      if (route.request().method() !== 'POST' || isLost) return route.fallback();
      isLost = true;
      await route.fetch();
      await route.abort('connectionreset');
    });
    await page.getByLabel('Or paste addresses').fill(stage.videos.urlOf(short));
    await page.getByRole('button', { name: 'Make clips' }).click();
    await page.getByText('The service cannot be reached. Check your connection.').waitFor();
    await page.getByRole('button', { name: 'Make clips' }).click();
    await page.getByText('Video added.').waitFor();
    await page.unroute('**/tasks');
    assert.equal(await page.locator('.row-link', { hasNotText: 'later.mp4' }).count(), 1);
  });

  await t.test('what is said of this video alone is not hidden by the words for its code', async () => {
    const client = clientWith(stage.service.url, await tokenOf(page));
    const gone = stage.videos.answering('odd.mkv', (_request, response) => response.writeHead(404).end());
    const { task_id } = await client.submit(gone);
    await client.ended(task_id);
    const words = 'The video is encoded as FFV2, which this service does not decode.';
    const error = JSON.stringify({ code: 'source_unsupported', message: words });
    await stage.service.db.raw(`update tasks set error = error || ? where id = ?`, [error, task_id]);
    await page.reload();
    await page.locator('.row-link', { hasText: words }).click();
    await page.locator('.problem', { hasText: words }).waitFor();
    await picture(page, 'task-refused-words');
  });

  await t.test('parts are shown at work', async () => {
    await page.goto('/#/');
    await chooseFile(page, await sample({ seconds: 45, width: 1280, height: 720 }));
    await page.locator('.row-link', { hasText: 'Running' }).click();
    await page.locator('.part-leased').first().waitFor();
    await picture(page, 'task-running');
    assert.deepEqual(await barriers(page), []);
  });

  await t.test('abort asks first, and the safe answer has the focus', async () => {
    await page.goto('/#/');
    await page.getByLabel('Or paste addresses').fill(stage.endless);
    await page.getByRole('button', { name: 'Make clips' }).click();
    await page.locator('.row-link', { hasText: 'endless.mp4' }).click();
    await page.getByRole('button', { name: 'Abort' }).click();
    const dialog = page.getByRole('dialog', { name: 'Abort this video?' });
    await dialog.waitFor();
    await picture(page, 'task-abort', { whole: false });
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Keep going');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.match((await page.locator('.badge').textContent()) ?? '', /Running|Waiting/);
    await page.getByRole('button', { name: 'Abort' }).click();
    await dialog.getByRole('button', { name: 'Abort' }).click();
    await page.locator('.badge', { hasText: 'Aborted' }).waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'New video' }).waitFor();
  });

  await t.test('what has ended meanwhile is not removed by who wanted to abort it', async () => {
    const client = clientWith(stage.service.url, await tokenOf(page));
    const { task_id } = await client.submit(stage.endless);
    const abort = page.getByRole('button', { name: 'Abort' });
    await page.goto(`/#/tasks/${task_id}`);
    await abort.click();
    await page.getByRole('dialog').waitFor();
    await client.ask('DELETE', `/tasks/${task_id}`);
    await page.getByText('It has ended already; nothing was changed.').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Remove', 'the focus is where it was');

    // A page that does not hear of it.
    await page.route('**/events', (route) => route.fulfill({ status: 404, json: {} }));
    const other = await client.submit(stage.endless);
    await page.goto(`/#/tasks/${other.task_id}`);
    await abort.click();
    await page.route(/\/tasks\//, (route) => (route.request().method() === 'GET' ? route.abort() : route.fallback()));
    await client.ask('DELETE', `/tasks/${other.task_id}`);
    const answered = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await page.getByRole('dialog').getByRole('button', { name: 'Abort' }).click();
    assert.equal((await answered).status(), 409);
    await page.unroute(/\/tasks\//);
    await page.locator('.badge', { hasText: 'Aborted' }).waitFor();
    assert.equal((await client.read(other.task_id)).status, 'cancelled');
    await page.unroute('**/events');
  });

  await t.test('an upload is paused, cut off and left, and still sent only once', async () => {
    await page.goto('/#/');
    const file = await altered('30 MB of nothing at the end', [short], (video = Buffer.alloc(0)) =>
      padded(video, 30 * MB),
    );
    const begun = beginnings(page);
    await network.slow(12 * MB);
    await chooseFile(page, file);
    const row = page.locator('.upload');
    await sentMoreThan(page, 10);
    await page.getByRole('button', { name: 'Pause' }).click();
    await row.getByText('Paused').waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, 'upload-paused');
    await page.getByRole('button', { name: 'Go on' }).click();
    await sentMoreThan(page, 40);
    await network.cut();
    await row.getByText('No connection').waitFor();
    await network.mend();
    await sentMoreThan(page, 50);

    const question = page.waitForEvent('dialog');
    const left = page.reload();
    assert.equal((await question).type(), 'beforeunload');
    await (await question).accept();
    await left;
    await page.getByText(/was uploaded to \d+ %. Choose the same file again/).waitFor();
    assert.deepEqual(await barriers(page), []);
    await picture(page, 'upload-left');
    await chooseFile(page, file);
    await page
      .locator('.row-link')
      .filter({ hasText: /Done|Running|Waiting/ })
      .first()
      .waitFor();
    await row.waitFor({ state: 'hidden' });
    assert.equal(begun.filter((start) => start === 0).length, 1, `pieces began at ${begun.join(', ')}`);
    assert.ok(begun.length >= 4);
  });

  await t.test('what cannot be read says so, and comes as soon as it can', async () => {
    const away = /\/(tasks|profiles)\b(?!.*events)/;
    const refusal = { status: 503, json: { code: 'unavailable' } };
    const said = page.getByText('The service cannot be reached. Check your connection.');
    await page.route(away, (route) => route.fulfill(refusal));
    await page.reload();
    await until(async () => (await said.count()) === 2, { what: 'neither the list nor the profiles are there' });
    assert.deepEqual(await barriers(page), []);
    await picture(page, 'home-away');
    await page.goto('/#/tasks/00000000-0000-7000-8000-000000000000');
    await said.waitFor();
    await page.unroute(away);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('This video is not here').waitFor();
    await page.goto('/#/');
    await Promise.all([page.locator('.row-link').first().waitFor(), page.getByRole('radio').first().waitFor()]);
  });

  await t.test('without a stream the list is read every five seconds', async () => {
    await page.route('**/events', (route) => route.fulfill({ status: 404, json: {} }));
    await page.reload();
    await page.locator('.connection-polling').waitFor();
    const answered = page.waitForResponse(/\/tasks\?/, { timeout: 7_000 });
    assert.equal((await answered).status(), 200);
    await network.cut();
    await page.locator('.connection-offline').waitFor();
    await picture(page, 'offline', { whole: false });
    await page.unroute('**/events');
    await network.mend();
    await page.locator('.connection-live').waitFor();
  });

  assert.deepEqual(complaints, []);
});
