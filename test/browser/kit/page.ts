import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';

const root = path.join(import.meta.dirname, '../../..');

/** Builds the page as `npm start` does: only when its sources are newer than what is there. */
export async function builtPage(): Promise<void> {
  const { stderr } = await promisify(execFile)(process.execPath, ['scripts/build-page.mjs', '--if-changed'], {
    cwd: root,
  });
  if (stderr) throw new Error(stderr);
}

export interface Visitor {
  email: string;
  password: string;
}

/** Opens an account as a visitor does. */
export async function signUp(page: Page): Promise<Visitor> {
  const name = `visitor-${randomBytes(4).toString('hex')}`;
  const visitor = { email: `${name}@example.com`, password: 'A long enough one' };
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(visitor.email);
  await page.getByLabel('Password', { exact: true }).fill(visitor.password);
  await page.getByLabel('Password again').fill(visitor.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'New video' }).waitFor();
  return visitor;
}

/**
 * Logs in whom the API has opened an account for.
 *
 * @param then heading of the view that is there then
 */
export async function logIn(page: Page, { email, password }: Visitor, then = 'New video'): Promise<void> {
  await page.goto('/#/login');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: then }).waitFor();
}

/** Chooses a file as with the dialog. */
export async function chooseFile(page: Page, file: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(file);
}

/** The token of who is logged in. */
export async function tokenOf(page: Page): Promise<string> {
  return await page.evaluate<string>(`JSON.parse(localStorage.getItem('claqueta.session')).token`);
}
