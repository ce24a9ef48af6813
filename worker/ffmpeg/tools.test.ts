import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { findTools } from './tools.ts';

async function programs(t: { after(done: () => Promise<void>): void }, ...names: string[]): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tools-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const name of names) {
    await writeFile(path.join(folder, name), '#!/bin/sh\nexit 0\n');
    await chmod(path.join(folder, name), 0o755);
  }
  return folder;
}

test('a setting goes before PATH', async (t) => {
  const set = await programs(t, 'my-ffmpeg');
  const onPath = await programs(t, 'ffmpeg', 'ffprobe');
  const tools = await findTools({ FFMPEG_PATH: path.join(set, 'my-ffmpeg') }, onPath);
  assert.equal(tools.ffmpeg, path.join(set, 'my-ffmpeg'));
  assert.equal(tools.ffprobe, path.join(onPath, 'ffprobe'));
});

test('without either the binaries shipped through npm serve', async () => {
  const tools = await findTools({}, '/nonexistent');
  assert.match(tools.ffmpeg, /node_modules.@ffmpeg-binary/);
  assert.match(tools.ffprobe, /node_modules.@ffprobe-installer/);
});

test('a setting that names nothing says which setting to correct', async () => {
  await assert.rejects(findTools({ FFMPEG_PATH: '/nonexistent/ffmpeg' }), /FFMPEG_PATH names .* Correct FFMPEG_PATH/);
  await assert.rejects(findTools({ FFPROBE_PATH: '/bin/false' }), /FFPROBE_PATH names .* Correct FFPROBE_PATH/);
});

test('layers that the platform lacks are named', async (t) => {
  const folder = await programs(t, 'ffmpeg', 'ffprobe');
  const { layers, missingLayers } = await findTools({}, folder);
  assert.deepEqual(layers, []);
  const root = process.getuid?.() === 0 ? ['user'] : [];
  assert.deepEqual(
    missingLayers.map(({ name }) => name),
    ['prlimit', ...root, 'setpriv', 'bwrap'],
  );
});
