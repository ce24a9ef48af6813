import assert from 'node:assert/strict';
import { chmod, copyFile, link, mkdir, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { without, withoutBwrap, withoutRoot } from '../../test/kit/layers.ts';
import { temporaryFolder } from '../../test/kit/videos-clip.ts';
import { sample, tools } from '../../test/kit/videos.ts';
import { runFfmpeg } from './run.ts';
import type { Layer } from './sandbox.ts';
import { nobody } from './user-layer.ts';

const allowance = { memory: 4 * 2 ** 30, cpuSeconds: 60, fileSize: 2 ** 30 };

/** Copies a video as a step would, without the flags that keep FFmpeg from looking further. @returns the copy */
async function copy(t: TestContext, address: string, options: string[] = [], layers: Layer[] = tools.layers) {
  const to = path.join(await temporaryFolder(t), 'copy.mp4');
  const inputs = [{ address, options }];
  const command = { inputs, filters: [], options: ['-c', 'copy'], output: `file:${to}` };
  const signal = AbortSignal.timeout(20_000);
  await runFfmpeg(command, { tools: { ...tools, layers }, signal, wallSeconds: 20, allowance });
  return to;
}

test('every layer that a Linux can have is there, so that what follows shows something', { skip: withoutBwrap }, () => {
  const user = withoutRoot ? [] : ['user'];
  assert.deepEqual(
    tools.layers.map(({ name }) => name),
    ['prlimit', ...user, 'setpriv', 'bwrap'],
  );
});

test('as root, FFmpeg is another user, who gets what it needs and nothing else', { skip: withoutRoot }, async (t) => {
  const folder = await temporaryFolder(t);
  const [stored, source] = [path.join(folder, 'stored.mp4'), path.join(folder, 'source.mp4')];
  await copyFile(await sample({ seconds: 1 }), stored);
  await chmod(stored, 0o600);
  await link(stored, source);
  const made = await stat(await copy(t, `file:${source}`));
  assert.deepEqual([made.uid, made.gid], [nobody.uid, nobody.gid]);
  assert.equal((await stat(stored)).mode & 0o777, 0o640, 'for its group, and closed to everybody else');

  const secret = path.join(folder, 'secret.mp4');
  await copyFile(stored, secret);
  await chmod(secret, 0o600);
  const list = await listOf(t, secret);
  await assert.rejects(copy(t, list, concat, without('bwrap')), { detail: /secret\.mp4[^]*Permission denied/ });
  await copy(t, list, concat, []);
});

test('the sandbox holds no file but what a run is about', { skip: withoutBwrap }, async (t) => {
  const other = await sample({ seconds: 1 });
  const list = await listOf(t, other);
  await assert.rejects(copy(t, list, concat), { code: 'clip_failed', detail: /No such file/ });
  await copy(t, list, concat, without('bwrap'));
});

test('the sandbox has no network', { skip: withoutBwrap }, async (t) => {
  let asked = 0;
  const canary = createServer((socket) => {
    asked++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  t.after(() => canary.close());
  const address = `tcp://127.0.0.1:${(canary.address() as AddressInfo).port}`;
  await assert.rejects(copy(t, address), { code: 'clip_failed' });
  assert.equal(asked, 0);
  await assert.rejects(copy(t, address, [], without('bwrap')), { code: 'clip_failed' });
  assert.equal(asked, 1, 'the canary hears what comes');
});

test('the source stays as it is even where it lies in the output folder', { skip: withoutBwrap }, async (t) => {
  const folder = path.join(await temporaryFolder(t), 'output');
  await mkdir(folder);
  const source = path.join(folder, 'source.mp4');
  await copyFile(await sample({ seconds: 1 }), source);
  await chmod(source, 0o666);
  const inputs = [{ address: `file:${source}`, options: [] }];
  const command = {
    inputs,
    filters: [],
    options: ['-t', '0.1', '-f', 'mp4'],
    output: `file:${folder}/../output/source.mp4`,
  };
  const run = { signal: AbortSignal.timeout(20_000), wallSeconds: 20, allowance };
  await assert.rejects(runFfmpeg(command, { ...run, tools }), { code: 'clip_failed' });
});

const concat = ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file'];

/** A list that has FFmpeg open another file. */
async function listOf(t: TestContext, file: string): Promise<string> {
  const list = path.join(await temporaryFolder(t), 'list');
  await writeFile(list, `ffconcat version 1.0\nfile 'file:${file}'\n`);
  return `file:${list}`;
}
