import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Cleanup } from '../../kit/undo.ts';
import { sample } from '../../kit/videos.ts';
import type { Run } from '../fault.ts';
import type { QueueName } from '../fleet.ts';
import { recipeNamed } from '../recipes.ts';
import { openRun } from '../run.ts';
import { ended, type Scenario } from './scenario.ts';

/** One byte a second: enough to keep any time limit between two bytes from running out. */
const SLOW_EVERY_MS = 1_000;

type Serve = (run: Run) => Promise<string>;

export const badSources: Scenario[] = [
  of('slow-source', 'a source at one byte a second is given up', ['source_timeout'], slow),
  of(
    'truncated-source',
    'a source cut off in the middle, by a server that says no length',
    ['source_truncated'],
    truncated,
  ),
  of('redirect-loop', 'a source that redirects for ever', ['source_denied'], loop),
];

/** Tried once, so that the time is that of one attempt. */
function of(name: string, asserts: string, codes: string[], serve: Serve): Scenario {
  async function run(t: Cleanup, queue: QueueName): Promise<string> {
    const run = await openRun(t, { seed: name, fleet: { queue, env: { STEP_TRIES: '1' } }, unfinished: 0 });
    const submission = { ...run.stream.draw(recipeNamed('tiny')), by: 'url' as const, url: await serve(run) };
    const { status, code, seconds } = await ended(run, await run.stream.send(submission));
    assert.equal(status, 'failed');
    assert.ok(codes.includes(code ?? ''), `the code is ${code}`);
    return `${code} after ${seconds.toFixed(1)} s`;
  }
  return { name, asserts: `${asserts}: the task fails and says why`, run };
}

function slow({ fleet: { videos } }: Run): Promise<string> {
  const url = videos.answering('slow.mp4', (_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 1_000_000 });
    const timer = setInterval(() => response.write('x'), SLOW_EVERY_MS);
    response.on('close', () => clearInterval(timer));
  });
  return Promise.resolve(url);
}

async function truncated({ fleet: { videos } }: Run): Promise<string> {
  const whole = await readFile(await sample({ seconds: 30, options: ['-movflags', '+faststart'] }));
  return videos.answering('cut.mp4', (request, response) => {
    // As HTTP/1.0 without a length, where the end of the connection is the end of the file.
    response.useChunkedEncodingByDefault = false;
    response.removeHeader('content-length');
    response.writeHead(200, { 'content-type': 'video/mp4', connection: 'close' });
    response.end(whole.subarray(0, whole.length / 2), () => request.socket.destroySoon());
  });
}

function loop({ fleet: { videos } }: Run): Promise<string> {
  const url = videos.answering('loop.mp4', (_request, response) => {
    response.writeHead(302, { location: '/loop.mp4' }).end();
  });
  return Promise.resolve(url);
}
