import { createReadStream } from 'node:fs';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Db } from '../shared/db/connect.ts';
import type { Settings } from '../shared/env.ts';
import { openStorage } from '../shared/storage/open.ts';
import { finishClip } from '../shared/task/finish.ts';
import { renewLeases } from '../shared/task/renew.ts';
import type { ClaimedStep } from '../shared/task/task.ts';
import { startBrowser, visit } from '../test/browser/kit/browser.ts';
import { builtPage, logIn } from '../test/browser/kit/page.ts';
import { signUp } from '../test/kit/accounts.ts';
import { claim, clipOf, newTask, plannedTask } from '../test/kit/tasks.ts';
import { sample } from '../test/kit/videos.ts';
import { table } from './table.ts';
import type { Measured, Run } from './bench.ts';
import { scrollDown, whileWatching, type Smoothness } from './frames.ts';
import { startWebProcess } from './web-process.ts';

const TASKS = 5_000;
const PARTS = 360;
/** Clips that are there to be scrolled past. */
const CLIPS = 100;
const SECONDS = 8;
const QUICK_SECONDS = 2;
/** Steps at work at the same time, as on a few large workers. */
const SLOTS = 24;

/**
 * How smooth the page stays with a list of 5,000 tasks and with a task of 360 parts, in real Chromium: the time between
 * frames (16.7 ms at best) and tasks of the main thread over 50 ms. Chromium draws without a graphics card here.
 */
export async function page({ t, say, quick }: Run): Promise<Measured> {
  const seconds = quick ? QUICK_SECONDS : SECONDS;
  await builtPage();
  const { url, db, settings } = await startWebProcess(t);
  const account = await signUp(url);
  const id = await plannedTask(db, account.id, PARTS);
  await db.raw('update tasks set media = null');
  const finish = await finisher(db, settings);
  for (let clip = 0; clip < CLIPS; clip++) await finish(await claim(db));
  await manyTasks(db, account.id);
  const { page } = await visit(await startBrowser(t), url);
  await logIn(page, account);
  const results: Record<string, Smoothness> = {};
  results['the list is loaded'] = await whileWatching(page, () => loadAll(page));
  await page.locator('.count').getByText(String(TASKS), { exact: true }).waitFor();
  results['the list is scrolled'] = await whileWatching(page, () => scrollDown(page, seconds, 400));
  results['a task of it changes'] = await whileWatching(page, () => work(db, finish, seconds));
  await page.goto(`/#/tasks/${id}`);
  await page
    .locator('.part')
    .nth(PARTS - 1)
    .waitFor();
  results['the parts change'] = await whileWatching(page, () => work(db, finish, seconds));
  results['the parts change, scrolled'] = await whileWatching(page, async () => {
    await Promise.all([work(db, finish, seconds), scrollDown(page, seconds, 20)]);
  });
  say(`a list of ${TASKS} tasks and a task of ${PARTS} parts with ${SLOTS} at work; times in ms`);
  for (const line of table(Object.entries(results).map(([what, result]) => ({ what, ...result })))) say(line);
  return { load: os.loadavg()[0], results };
}

/** Tasks like one that was aborted. */
async function manyTasks(db: Db, owner: string): Promise<void> {
  const id = await newTask(db, owner);
  await db.raw(`delete from steps where task_id = ?`, [id]);
  await db.raw(`update tasks set status = 'cancelled', finished_at = clock_timestamp() where id = ?`, [id]);
  await db.raw(
    `insert into tasks
     select (jsonb_populate_record(tasks, jsonb_build_object('id', uuidv7()))).*
     from tasks, generate_series(3, :tasks) where id = :id`,
    { id, tasks: TASKS },
  );
}

/** Finishes clips with a real file, so that players have something to show. */
async function finisher(db: Db, settings: Settings): Promise<(step: ClaimedStep) => Promise<void>> {
  const storage = await openStorage(settings);
  const file = await sample({ seconds: 2 });
  return async (step) => {
    const clip = clipOf(step);
    await finishClip(db, step, { ...clip, ...(await storage.put(clip.key, createReadStream(file))) });
  };
}

async function loadAll(page: Page): Promise<void> {
  const more = page.getByRole('button', { name: /Load more|Loading/ });
  await more.waitFor();
  while ((await more.count()) > 0) {
    await page.evaluate(`document.querySelector('.more button:not(:disabled)')?.click()`);
    await pause(20);
  }
}

/** What workers write: progress of all that they hold, each second, and now and then a clip. */
async function work(db: Db, finish: (step: ClaimedStep) => Promise<void>, seconds: number): Promise<void> {
  const held = [];
  while (held.length < SLOTS) held.push(await claim(db));
  for (let second = 1; second <= seconds; second++) {
    await renewLeases(
      db,
      held.map((lease) => ({ lease, progress: second / seconds })),
      60,
    );
    const done = held.pop();
    if (done) await finish(done);
    await pause(1_000);
  }
}
