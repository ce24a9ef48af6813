import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { uuidv7 } from 'uuidv7';
import { rows } from '../../shared/db/connect.ts';
import { finishClip } from '../../shared/task/finish.ts';
import { claim, clipOf, plannedTask } from '../kit/tasks.ts';
import { until } from '../kit/until.ts';
import { picture, withoutBrowser } from './kit/browser.ts';
import { signUp } from './kit/page.ts';
import { setStage } from './kit/stage.ts';

const PARTS = 360;
const TASKS = 5_000;
/** The longest that the page may be deaf to its visitor. Much shorter on a machine that does nothing else. */
const LONGEST_TASK_MS = 400;
/** Drawn by a long list, whatever is in it. */
const MOST_ROWS = 60;

/** Two hours, as the planned parts say. */
const MEDIA = {
  container: 'mp4',
  bytes: 1_000_000,
  seconds: PARTS * 20,
  video: { codec: 'h264', width: 1280, height: 720, rotation: 0, fps: 30 },
  audio: null,
};

test('what is large stays smooth', { skip: withoutBrowser }, async (t) => {
  const stage = await setStage(t, { workers: 0 });
  const { db } = stage.service;
  const { page, complaints } = await stage.visit();
  const { email } = await signUp(page);
  const [owner] = await rows<{ id: string }>(db, 'select id from users where email = :email', { email });
  const id = await plannedTask(db, owner?.id ?? '', PARTS);
  await db.raw('update tasks set media = :media where id = :id', { id, media: JSON.stringify(MEDIA) });

  await t.test('a task of 360 parts', async () => {
    await page.goto(`/#/tasks/${id}`);
    await page.locator('.strip').waitFor();
    assert.equal(await page.locator('.strip .part').count(), PARTS);
    const blocked = await watchForBlocks(page);
    const began = performance.now();
    for (let part = 0; part < 60; part++) {
      const step = await claim(db);
      await finishClip(db, step, clipOf(step));
    }
    await until(async () => (await page.locator('.strip .part-done').count()) === 60, {
      what: 'all changes are shown',
    });
    const label = await page.locator('.strip').getAttribute('aria-label');
    assert.equal(label, 'Time line of the video in 360 parts: 60 done, 300 waiting.');
    const longest = await blocked();
    t.diagnostic(
      `60 parts were done and shown within ${Math.round(performance.now() - began)} ms; longest block ${longest} ms`,
    );
    assert.ok(longest < LONGEST_TASK_MS, `${longest} ms`);
    assert.ok((await page.locator('video').count()) < 40, 'players far below are not there');
    await picture(page, 'task-large', { whole: false });
  });

  await t.test('a list of 5,000 tasks', async () => {
    // Ids in the order of time, as web makes them.
    const ids = Array.from({ length: TASKS - 1 }, () => uuidv7());
    await db.raw(
      `insert into tasks (id, owner_id, status, profile, source, finished_at)
       select cast(made.id as uuid), owner_id, 'cancelled', profile, source, clock_timestamp()
       from tasks, unnest(cast(:ids as text[])) as made (id) where tasks.id = :task`,
      { ids, task: id },
    );
    await page.goto('/#/');
    await page.locator('.row').first().waitFor();
    const blocked = await watchForBlocks(page);
    const began = performance.now();
    await until(
      async () => {
        await page.mouse.wheel(0, 20_000);
        return (await page.locator('.count').textContent()) === String(TASKS);
      },
      { what: 'the list is read to its end', timeout: 40_000, every: 5 },
    );
    const longest = await blocked();
    t.diagnostic(
      `scrolled through 5,000 tasks in ${Math.round(performance.now() - began)} ms; longest block ${longest} ms`,
    );
    assert.ok(longest < LONGEST_TASK_MS, `${longest} ms`);
    assert.ok((await page.locator('.row').count()) < MOST_ROWS);
    await picture(page, 'list-large', { whole: false });
    const place = await page.evaluate<number>('scrollY');
    await page.locator('.row-link').nth(12).click();
    await page.getByRole('button', { name: 'Copy id' }).waitFor();
    assert.equal(await page.evaluate('scrollY'), 0);
    await page.goBack();
    await page.locator('.row').first().waitFor();
    assert.equal(await page.evaluate('scrollY'), place, 'the list is where it was left');
  });

  assert.deepEqual(complaints, []);
});

/** Answers how to learn the longest time, in ms, that the page did not answer its visitor from now on. */
async function watchForBlocks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(`
    window.blocks = [];
    new PerformanceObserver((list) => window.blocks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' })`);
  return () => page.evaluate<number>('Math.round(Math.max(0, ...window.blocks))');
}
