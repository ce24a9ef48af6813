import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { processesWith } from '../../test/kit/processes.ts';
import { temporaryFolder } from '../../test/kit/videos-clip.ts';
import { tools } from '../../test/kit/videos.ts';
import { readJson, runFfprobe } from './ffprobe.ts';
import { findTools } from './tools.ts';

/** Tools whose ffprobe is a shell script, under every layer that this machine has. */
async function scripted(t: TestContext, script: string) {
  const ffprobe = path.join(await temporaryFolder(t), 'ffprobe');
  await writeFile(ffprobe, `#!/bin/sh\n[ "$*" = -version ] && exit\n${script}\n`);
  await chmod(ffprobe, 0o755);
  const found = await findTools({ FFMPEG_PATH: tools.ffmpeg, FFPROBE_PATH: ffprobe });
  assert.deepEqual(found.missingLayers, tools.missingLayers);
  return found;
}

/** What the scripts are told to look at, and do not. */
const anyFile = import.meta.filename;

const signal = new AbortController().signal;

test('an abort kills it at once and gives the reason', async (t) => {
  const reason = new Error('the lease is lost');
  const abort = new AbortController();
  const hanging = await scripted(t, 'trap "" TERM; echo hangs; sleep 60');
  const onLine = () => abort.abort(reason);
  await assert.rejects(runFfprobe(anyFile, [], { tools: hanging, signal: abort.signal, seconds: 60, onLine }), reason);
  assert.deepEqual(await processesWith(hanging.ffprobe), []);
});

test('one that takes too long is killed', async (t) => {
  const hanging = await scripted(t, 'trap "" TERM; echo "it hangs" >&2; exec sleep 60');
  const end = await runFfprobe(anyFile, [], { tools: hanging, signal, seconds: 0.3, onLine: () => {} });
  assert.deepEqual(end, { code: null, said: 'it hangs', sawEndMissing: false });
});

test('an error of the reader ends it and is passed on', async (t) => {
  const endless = await scripted(t, 'while :; do echo line; done');
  const error = new Error('enough');
  const onLine = () => {
    throw error;
  };
  await assert.rejects(runFfprobe(anyFile, [], { tools: endless, signal, seconds: 60, onLine }), error);
});

test('an answer longer than any sane file gives is none', async (t) => {
  const long = await scripted(
    t,
    `echo '['; yes '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",' | head -n 40000; echo '1]'`,
  );
  assert.equal((await readJson(anyFile, [], { tools: long, signal, seconds: 60 })).json, null);
  const short = await scripted(t, `echo '{"streams": []}'`);
  assert.deepEqual((await readJson(anyFile, [], { tools: short, signal, seconds: 60 })).json, { streams: [] });
});

test('a program that is not there is an error, not a crash', async () => {
  const none = { ...tools, layers: [], ffprobe: '/nonexistent/ffprobe' };
  await assert.rejects(runFfprobe(anyFile, [], { tools: none, signal, seconds: 60, onLine: () => {} }), {
    code: 'ENOENT',
  });
});
