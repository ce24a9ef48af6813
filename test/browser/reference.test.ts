import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocument } from '../kit/openapi.ts';
import { barriers } from './kit/axe.ts';
import { picture, withoutBrowser } from './kit/browser.ts';
import { startService } from '../kit/service.ts';
import { setStage } from './kit/stage.ts';

test('the reference shows the API to whoever opens /docs', { skip: withoutBrowser }, async (t) => {
  const stage = await setStage(t, { workers: 0 });
  const { service } = stage;
  const { page, complaints } = await stage.visit();
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(service.url)) elsewhere.push(request.url());
  });
  const operation = (name: string) => page.locator('.operation').filter({ has: page.locator('h3', { hasText: name }) });

  await t.test('without a log-in, with every route of the description', async () => {
    await page.goto('/docs');
    await page.getByRole('heading', { name: 'API reference' }).waitFor();
    const { paths } = await readDocument(service.url);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    await page.locator('.operation').first().waitFor();
    assert.deepEqual((await page.locator('.operation h3').allTextContents()).sort(), described.sort());
    await picture(page, 'reference');
  });

  await t.test('a route opens by keyboard: parameters, body, answers and a command', async () => {
    const list = operation('GET /tasks').first();
    await list.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    await list.getByText('in the query').first().waitFor();
    await list.getByText('1 … 100').waitFor();
    await list.locator('.answer').first().locator('summary').focus();
    await page.keyboard.press('Enter');
    await list.getByText('TaskSummary[]').waitFor();
    await list.locator('.fields .fields').getByText('kind', { exact: true }).first().waitFor();
    await page.getByText('POST /auth/signup').click();
    const button = page.getByRole('button', { name: 'Copy the command for POST /auth/signup' });
    await button.click();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(copied, /^curl -s "http:\/\/127\.0\.0\.1:\d+\/auth\/signup" \\\n {2}--json '\{"username":"clara",/);
    assert.deepEqual(await barriers(page), []);
  });

  await t.test('the filter keeps what has all the words', async () => {
    await page.getByLabel('Filter routes').fill('delete tasks');
    await page.getByText('1 route', { exact: true }).waitFor();
    assert.deepEqual(await page.locator('.operation h3').allTextContents(), ['DELETE /tasks/{id}']);
    await page.getByLabel('Filter routes').fill('nothing like it');
    await page.getByText('No route has all these words.').waitFor();
    await page.getByLabel('Filter routes').fill('');
  });

  await t.test('an address opens one route, on a small screen, in the dark, in Spanish', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByLabel('Language').selectOption('es');
    await page.goto('/#/docs/post-tasks');
    await page.reload();
    const submit = page.locator('.operation[open]');
    await submit.getByText('multipart/form-data').waitFor();
    assert.equal(await submit.count(), 1);
    await page.getByRole('heading', { name: 'Referencia de la API' }).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
    assert.deepEqual(await barriers(page), []);
    await picture(page, 'reference-small-dark-es', { whole: false });
  });

  assert.deepEqual(elsewhere, []);
  assert.deepEqual(complaints, []);
});

test('programs are told where the reference comes from', async (t) => {
  const service = await startService(t, { workers: 0 });
  const answer = await fetch(`${service.url}/docs`);
  assert.deepEqual(await answer.json(), { openapi: '/openapi.json', collection: '/collection.json' });
  const browser = await fetch(`${service.url}/docs`, {
    headers: { accept: 'text/html,*/*;q=0.8' },
    redirect: 'manual',
  });
  assert.deepEqual([browser.status, browser.headers.get('location')], [302, '/#/docs']);
  assert.equal(await browser.text(), '');
});
