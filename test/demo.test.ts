import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { processesWith } from './kit/processes.ts';
import { watch } from './kit/program.ts';

const root = path.join(import.meta.dirname, '..');

/** A PATH with what every machine has, and without FFmpeg. */
async function bareMachine(folder: string): Promise<string> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  const node = path.dirname(process.execPath);
  for (const [name, places] of [
    ['node', [node]],
    ['npm', [node, '/usr/local/bin', '/usr/bin']],
    ['sh', ['/bin']],
    ['id', ['/usr/bin']],
    ['unshare', ['/usr/bin']],
    ['setpriv', ['/usr/bin', '/bin']],
    ['prlimit', ['/usr/bin']],
  ] as const) {
    for (const place of places) await symlink(path.join(place, name), path.join(bin, name)).catch(() => {});
  }
  return bin;
}

test('the demo does the whole job without FFmpeg on the machine, and again on the data that it kept', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-demo-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const unset = { FFMPEG_PATH: undefined, FFPROBE_PATH: undefined, DATABASE_URL: undefined };
  const own = { PATH: await bareMachine(folder), DATA_DIR: path.join(folder, 'data'), TMPDIR: folder };
  const env = { ...process.env, ...unset, ...own };
  for (const run of ['first', 'second']) {
    const demo = watch(spawn('npm', ['run', 'demo'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }));
    assert.equal(await demo.ended, 0, `${run} run: ${demo.output()}`);
    for (const [name, seconds] of [
      ['part-001.mp4', '22.00'],
      ['part-002.mp4', '22.00'],
      ['part-003.mp4', '7.00'],
    ] as const) {
      assert.match(demo.output(), new RegExp(`${name} +${seconds} +1280×720 +[0-9.]+ MB +\\S+${name}`));
    }
    assert.deepEqual(await processesWith(folder), []);
  }
  assert.deepEqual(await readdir(path.join(folder, 'data', 'work')), []);
});
