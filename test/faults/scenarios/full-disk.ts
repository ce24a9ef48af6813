import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { undo } from '../../kit/undo.ts';
import type { Run } from '../fault.ts';
import { draw, recipeNamed } from '../recipes.ts';
import { openRun } from '../run.ts';
import { assertClean, ended, type Scenario } from './scenario.ts';

const command = promisify(execFile);

/** The storage's disk is full, and then it is not any more. Needs root, to mount a small disk. */
export const fullDisk: Scenario = {
  name: 'full-disk',
  asserts: 'the disk of the storage is full: uploads and steps fail and nothing dies; with room again all goes on',
  async run(t, queue) {
    const run = await openRun(t, { seed: this.name, fleet: { queue, env: { STEP_TRIES: '2' } }, unfinished: 0 });
    const media = path.join(run.fleet.folder, 'files', 'media');
    await command('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', media]);
    undo(t, () => command('umount', ['-l', media]));
    await mkdir(path.join(media, '.incoming'));

    const refused = await upload(run);
    assert.deepEqual([refused.status, refused.code], [503, 'unavailable']);
    const submission = run.stream.draw(recipeNamed('two'));
    const task = await run.stream.send({ ...submission, by: 'url' });
    const failed = await ended(run, task);
    assert.deepEqual([failed.status, failed.code], ['failed', 'storage_failed']);
    assert.deepEqual(
      [...run.fleet.webs, ...run.fleet.workers].flatMap(({ ends }) => ends),
      [],
    );

    await command('mount', ['-o', 'remount,size=64m', media]);
    const headers = { authorization: `Bearer ${run.stream.token(submission.owner)}` };
    const again = await fetch(new URL(`/tasks/${task}/retry`, run.fleet.webs[0]?.url), { method: 'POST', headers });
    assert.equal(again.status, 200, await again.text());
    assert.equal((await ended(run, task)).status, 'succeeded');
    assert.equal((await upload(run)).status, 201);
    await assertClean(run);
    return `upload: ${refused.status} ${refused.code}; step: ${failed.code}; after a retry: succeeded`;
  },
};

async function upload({ fleet, stream }: Run): Promise<{ status: number; code: string }> {
  const form = new FormData();
  form.set('video', new Blob([await readFile(await draw(recipeNamed('two')))]), 'video.mp4');
  const headers = {
    authorization: `Bearer ${stream.token(0)}`,
    'idempotency-key': stream.draw(recipeNamed('two')).key,
  };
  const response = await fetch(new URL('/tasks', fleet.webs[0]?.url), { method: 'POST', headers, body: form });
  const body = (await response.json()) as { code?: string };
  return { status: response.status, code: body.code ?? '' };
}
