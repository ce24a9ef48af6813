import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { Problem, type ProblemCode } from '../../task/problem.ts';
import { downloadSource, type Download, type DownloadOptions } from '../download.ts';

export const roomy = { maxBytes: 1_000_000, wallSeconds: 20, minBytesPerSecond: 0, pauseSeconds: 0 };

/** A download into a folder of its own, which has to be empty again when the download fails. */
export interface Attempt {
  to: string;
  run: (options: Partial<DownloadOptions> & { url: string }) => Promise<Download>;
  /** The Problem that a download ends with. */
  fails: (code: ProblemCode, options: Partial<DownloadOptions> & { url: string }) => Promise<Problem>;
}

export async function prepareAttempt(t: TestContext): Promise<Attempt> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-fetch-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const to = path.join(folder, 'source');
  const run: Attempt['run'] = (options) => downloadSource({ to, allow: [], limits: roomy, ...options });
  return {
    to,
    run,
    async fails(code, options) {
      const error: unknown = await run(options).then(
        () => assert.fail(`${options.url} was downloaded`),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof Problem, String(error));
      assert.equal(error.code, code, error.detail);
      assert.deepEqual(await readdir(folder), [], 'nothing may be left of a failed download');
      return error;
    },
  };
}
