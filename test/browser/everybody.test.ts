import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { newClient } from '../kit/client.ts';
import { sample } from '../kit/videos.ts';
import { barriers } from './kit/axe.ts';
import { picture, withoutBrowser } from './kit/browser.ts';
import { setStage } from './kit/stage.ts';

test('for everybody', { skip: withoutBrowser }, async (t) => {
  const stage = await setStage(t);
  const maker = await newClient(stage.service.url);
  const done = await maker.submit(stage.videos.urlOf(await sample({ seconds: 25 })));
  const failed = await maker.submit(stage.videos.answering('gone.mp4', (_, response) => response.writeHead(404).end()));
  await Promise.all([maker.ended(done.task_id), maker.ended(failed.task_id)]);
  const session = JSON.stringify({
    email: 'maker@example.com',
    token: maker.token,
    expires_at: Date.now() + 600_000,
    refresh_token: 'not needed',
  });
  const knowing = {
    origins: [{ origin: stage.service.url, localStorage: [{ name: 'claqueta.session', value: session }] }],
  };
  const views = [
    ['sign-up', '/#/signup', 'form', false],
    ['log-in', '/#/login', 'form', false],
    ['home', '/#/', '.row-link', true],
    ['task-done', `/#/tasks/${done.task_id}`, 'video', true],
    ['task-failed', `/#/tasks/${failed.task_id}`, '.problem', true],
    ['task-gone', '/#/tasks/00000000-0000-7000-8000-000000000000', '.empty', true],
    ['not-found', '/#/nowhere/at/all', '.empty', true],
  ] as const;

  for (const [name, address, sign, isKnown] of views) {
    await t.test(`${name}: no barrier in either theme, and narrow enough in either language`, async () => {
      // Colors are measured at once: nothing may be on its way from one to another.
      const still = { reducedMotion: 'reduce' } as const;
      const visitor = await stage.visit({ ...still, ...(isKnown && { storageState: { cookies: [], ...knowing } }) });
      const { page, complaints } = visitor;
      await page.goto(address);
      await page.locator(sign).first().waitFor();
      assert.deepEqual(await barriers(page), []);
      await picture(page, `${name}-light`);
      await page.emulateMedia({ colorScheme: 'dark' });
      assert.deepEqual(await barriers(page, 'color-contrast'), []);
      await picture(page, `${name}-dark`);
      await page.setViewportSize({ width: 360, height: 740 });
      await fits(page);
      await page.locator('.language').selectOption('es');
      await fits(page);
      await picture(page, `${name}-narrow-spanish`);
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }

  await t.test('what asks and what refuses has no barrier either', async () => {
    const { page } = await stage.visit({ storageState: { cookies: [], ...knowing } });
    await page.goto(`/#/tasks/${done.task_id}`);
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').waitFor();
    assert.deepEqual(await barriers(page), []);
    await page.context().close();
    const { page: stranger } = await stage.visit();
    await stranger.getByRole('button', { name: 'Create account' }).click();
    await stranger.locator('.field-problem').first().waitFor();
    assert.deepEqual(await barriers(stranger), []);
    await picture(stranger, 'sign-up-wrong');
    await stranger.context().close();
  });

  await t.test('Spanish where the browser prefers it, and the choice of another language is kept', async () => {
    const { page, complaints } = await stage.visit({ locale: 'es-MX', storageState: { cookies: [], ...knowing } });
    await page.getByRole('heading', { name: 'Nuevo video' }).waitFor();
    assert.equal(await page.getAttribute('html', 'lang'), 'es');
    await page.locator('.row-link', { hasText: 'no hay ningún video en esta dirección' }).waitFor();
    await picture(page, 'home-spanish');
    await page.getByLabel('Idioma').selectOption('en');
    await page.reload();
    await page.getByRole('heading', { name: 'New video' }).waitFor();
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  await t.test('the keyboard is enough', async () => {
    const { page } = await stage.visit({ storageState: { cookies: [], ...knowing } });
    await page.locator('.row-link').first().waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to the content');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Or paste addresses of videos, one a line');
    await page.keyboard.type(stage.endless);
    await page.keyboard.press('Enter');
    await page.getByText('Video added.').waitFor();
    await tabTo(page, /^endless\.mp4/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copy id' }).waitFor();
    assert.equal(await focused(page), 'endless.mp4', 'the heading of the new view has the focus');
    await tabTo(page, 'Abort');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    assert.equal(await focused(page), 'Keep going');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.badge', { hasText: 'Aborted' }).waitFor();
    const [task] = (await maker.ask<{ status: string }[]>('GET', '/tasks?max=1')).body;
    assert.equal(task?.status, 'cancelled');
    await page.context().close();
  });
});

async function fits(page: Page): Promise<void> {
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360, page.url());
}

/** What a screen reader would call the element with the focus, as far as it is in the page. */
async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`{
    const { activeElement: now } = document;
    (now.getAttribute('aria-label') ?? now.labels?.[0]?.textContent ?? now.textContent).trim()
  }`);
}

async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (typeof name === 'string' ? now === name : name.test(now)) return;
    passed.push(now);
  }
  assert.fail(`No way to ${String(name)} by Tab; passed ${passed.join(' | ')}`);
}
