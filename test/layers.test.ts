import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { onPath } from '../worker/ffmpeg/search-path.ts';
import { withoutBwrap } from './kit/layers.ts';
import { logged, startProgram } from './kit/program.ts';
import { startService } from './kit/service.ts';
import { until } from './kit/until.ts';
import { temporaryFolder } from './kit/videos-clip.ts';

const programs = ['ffmpeg', 'ffprobe', 'prlimit', 'setpriv', 'sh', 'unshare', 'bwrap', 'ldd', 'node'];

/** A PATH with all that a worker uses but one. */
async function pathWithout(t: TestContext, missing: string): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const name of programs.filter((name) => name !== missing)) {
    const found = await onPath(name, process.env.PATH ?? '');
    if (found !== undefined) await symlink(found, path.join(folder, name));
  }
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Ready {
  ready: boolean;
  details: { layers?: { on: string[]; missing: { layer: string; means: string; remedy: string }[] } };
}

test('a worker without the sandbox goes on, and says so once in its log and at /readyz', async (t) => {
  const { env } = await startService(t, { workers: 0 });
  const port = await freePort();
  const PATH = await pathWithout(t, 'bwrap');
  const worker = startProgram(t, 'worker/main.ts', { ...env, PATH, HEALTH_PORT: `${port}`, LOG_LEVEL: 'info' });
  await logged(worker, /worker ready/);
  assert.equal(worker.log().filter(({ msg }) => /fewer layers/.test(String(msg))).length, 1);
  const { ready, details } = await until(
    async () => {
      const answer = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as Ready;
      return answer.details.layers ? answer : null;
    },
    { what: 'the worker tells of its layers' },
  );
  assert.equal(ready, true);
  const [missing] = details.layers?.missing ?? [];
  assert.equal(details.layers?.missing.length, 1);
  assert.equal(missing?.layer, 'bwrap');
  assert.equal(missing.means, 'FFmpeg lacks a sandbox: it sees what its user may read, and the network');
  assert.match(missing.remedy, /install bubblewrap/);
});

test('a worker that has to have every layer refuses to start without one', async (t) => {
  const { env } = await startService(t, { workers: 0 });
  const PATH = await pathWithout(t, 'bwrap');
  const worker = startProgram(t, 'worker/main.ts', { ...env, PATH, FFMPEG_LAYERS: 'required', LOG_LEVEL: 'info' });
  assert.equal(await worker.ended, 1);
  assert.match(worker.output(), /FFMPEG_LAYERS=required[^]*bwrap[^]*install bubblewrap/);
});

test('a worker that has to have every layer starts with all', { skip: withoutBwrap }, async (t) => {
  await startService(t, { env: { FFMPEG_LAYERS: 'required' } });
});
