import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { signUp as openAccount } from '../kit/accounts.ts';
import { newOwner, newTask, plannedTask } from '../kit/tasks.ts';
import { until } from '../kit/until.ts';
import { showPresence } from '../../shared/task/workers.ts';
import { barriers } from './kit/axe.ts';
import { picture, withoutBrowser } from './kit/browser.ts';
import { logIn, signUp } from './kit/page.ts';
import { setStage } from './kit/stage.ts';

test('operators see how the fleet is, and pause it', { skip: withoutBrowser }, async (t) => {
  const env = { RUNBOOKS_URL: 'https://example.com/runbooks', DASHBOARD_URL: 'https://example.com/dashboard' };
  const stage = await setStage(t, { workers: 0, env });
  const { service } = stage;
  const { db } = service;
  const visitor = await stage.visit();
  const { page, complaints } = await stage.visit();
  const health = page.locator('.health');

  await t.test('who is no operator sees nothing of it, and fetches nothing of it', async () => {
    await signUp(visitor.page);
    assert.equal(await visitor.page.getByRole('link', { name: 'Fleet' }).count(), 0);
    await visitor.page.goto('/#/operator');
    await visitor.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    assert.deepEqual(await fetched(visitor.page, 'operator-view'), []);
  });

  await t.test('nobody is there', async () => {
    const operator = await openAccount(service.url);
    await db.raw(`update users set role = 'admin' where id = ?`, [operator.id]);
    // By a bookmark, when it cannot be told at first who it is.
    let asked = 0;
    await page.route('**/account', (route) => (asked++ === 0 ? route.abort() : route.fallback()));
    await page.goto('/#/operator');
    await logIn(page, operator, 'Fleet');
    assert.ok(asked > 1);
    await page.getByText('Nothing waits, no worker is there.').waitFor();
    await page.getByText('No worker is there.', { exact: true }).waitFor();
  });

  await t.test('who works at what, what waits and why tasks failed', async () => {
    const owner = await newOwner(db);
    await plannedTask(db, owner, 6);
    await showPresence(db, { name: 'worker-1', slots: 4, clips: 20, sourceSeconds: 400 });
    await showPresence(db, { name: 'worker-2', slots: 2, clips: 10, sourceSeconds: 200 });
    await db.raw(
      `update steps set state = 'leased', worker = 'worker-1', attempt = part, progress = 0.4, started_at = clock_timestamp(),
              lease_until = clock_timestamp() + interval '1 hour'
       where kind = 'clip' and part < 3`,
    );
    const failed = await newTask(db, owner);
    await db.raw(
      `update tasks set status = 'failed', finished_at = clock_timestamp(), error = '{"code":"source_not_found"}' where id = ?`,
      [failed],
    );
    await db.raw(`delete from steps where task_id = ?`, [failed]);
    await page.getByText(/^2 workers, 2 of 6 slots busy, 4 steps wait, oldest \d+ s\.$/).waitFor();
    await page.getByRole('progressbar', { name: 'Progress of Part 2' }).waitFor();
    await page.getByText('attempt 2').waitFor();
    await page.getByText('1 × real time').waitFor();
    await page.getByRole('row', { name: 'source_not_found' }).getByText('no video at this address').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Dashboard' }).getAttribute('href'), env.DASHBOARD_URL);
    assert.equal(await page.getByRole('link', { name: 'Runbooks' }).getAttribute('href'), env.RUNBOOKS_URL);
    await db.raw(`update steps set ready_at = clock_timestamp() - interval '4 minutes' where state = 'waiting'`);
    await page.getByText('4 steps wait, oldest 4 min').waitFor();
    assert.match((await health.getAttribute('class')) ?? '', /tone-failed/);
    assert.deepEqual(await barriers(page), []);
    await picture(page, 'operator');
  });

  await t.test('pausing asks first, and says who did it', async () => {
    await page.getByRole('button', { name: 'Pause the fleet' }).click();
    await page.getByRole('button', { name: 'Leave it' }).click();
    assert.equal(await health.getByText('Paused').count(), 0);
    await page.getByRole('button', { name: 'Pause the fleet' }).click();
    assert.deepEqual(await barriers(page), []);
    await page.getByRole('dialog').getByRole('button', { name: 'Pause the fleet' }).click();
    await health.getByText(/^Paused by you since .+\. 2 workers/).waitFor();
    await db.raw(`update fleet set paused_by = 'the operator command'`);
    await health.getByText('Paused by the operator command').waitFor();
    const other = await newOwner(db);
    await db.raw(`update users set username = 'olga' where id = ?`, [other]);
    await db.raw(`update fleet set paused_by = ?`, [other]);
    await health.getByText('Paused by olga').waitFor();
    await page.getByRole('button', { name: 'Let the fleet go on' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Let the fleet go on' }).click();
    await health.getByText(/^2 workers/).waitFor();
  });

  await t.test('the audit is read a page at a time', async () => {
    await db.raw(`insert into audit (event, address) select 'log_in_failed', '192.0.2.1' from generate_series(1, 45)`);
    await page.getByRole('button', { name: 'Load again' }).click();
    const lines = page.getByRole('table', { name: 'Audit' }).locator('tbody tr');
    await until(async () => (await lines.first().textContent())?.includes('Log-in failed'), {
      what: 'it is read again',
    });
    assert.equal(await lines.count(), 20);
    for (const count of [40, 49]) {
      await page.getByRole('button', { name: 'Load more' }).click();
      await until(async () => (await lines.count()) >= count, { what: `there are ${count} lines` });
    }
    await page.getByText('Fleet paused').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Load more' }).count(), 0);
  });

  await t.test('on a small screen, in the dark, in Spanish', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByLabel('Language').selectOption('es');
    await page.getByText(/^2 trabajadores, 2 de 6 puestos ocupados, 4 pasos esperan/).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
    assert.deepEqual(await barriers(page), []);
    await picture(page, 'operator-small-dark-es');
  });

  await t.test('it says when it is not up to date', async () => {
    await page.context().setOffline(true);
    await page.getByText(/Esto era a las/).waitFor();
    await page.context().setOffline(false);
    await until(async () => (await page.getByText(/Esto era a las/).count()) === 0, { what: 'it is again' });
  });

  assert.deepEqual([...complaints, ...visitor.complaints], []);
});

/** Files of the page that were fetched and have this in their name. */
async function fetched(page: Page, name: string): Promise<string[]> {
  const names = await page.evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name)`);
  return names.filter((one) => one.includes(name));
}
