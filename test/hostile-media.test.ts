import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { Problem } from '../shared/task/problem.ts';
import { clipLimits, encodeClip } from '../worker/clip/encode.ts';
import { toolEnvironment } from '../worker/ffmpeg/environment.ts';
import { examineSource } from '../worker/ingest/ingest.ts';
import { probeSource } from '../worker/ingest/probe.ts';
import { planClips } from '../worker/ingest/timeline.ts';
import { hostileFiles, ingredients, tooManyPixels, type Ingredients } from './kit/hostile-media.ts';
import { peakMemory } from './kit/peak-memory.ts';
import { always, idrl, temporaryFolder } from './kit/videos-clip.ts';
import { sample, tools } from './kit/videos.ts';

/** What opening a file, scanning it and encoding a part of it may take here; the service gives more of each. */
const limits = { maxSeconds: 21_600, openSeconds: 5, scanSeconds: 5 };
const encodeSeconds = 10;
/** Opening, scanning, decoding a first picture (20 s, fixed) and one part; and a second to start and end each. */
const longest = limits.openSeconds + limits.scanSeconds + 20 + encodeSeconds + 4;
/** Address space that FFmpeg gets for one thread, and ffprobe gets less: what is resident is below that. */
const mostMemory = clipLimits.memoryBytes + 2 ** 29;

/** The whole way of a source: what ingest does with a file, and a first clip where it is taken. */
async function wholeWay(t: TestContext, file: string, examine: typeof examineSource): Promise<string> {
  const { media, pictures } = await examine(file, { tools, signal: always.signal, limits });
  const clips = planClips(pictures, media, idrl);
  const [input] = clips;
  assert.ok(input && clips.length <= limits.maxSeconds / 20);
  const to = path.join(await temporaryFolder(t), 'clip.mp4');
  const given = { ...always, threads: 1, source: file, input, media, profile: idrl, to };
  await encodeClip({ ...given, limits: { ...clipLimits, seconds: encodeSeconds } });
  return to;
}

interface Met {
  name: string;
  outcome: string;
  detail: string;
  seconds: number;
  peak: number;
}

async function meet(t: TestContext, name: string, file: string, examine = examineSource): Promise<Met> {
  const began = performance.now();
  const { result, peak } = await peakMemory(() =>
    wholeWay(t, file, examine).then(
      async (clip) => ({ outcome: 'taken', detail: await readFile(clip, 'latin1') }),
      (error: unknown) => {
        if (!(error instanceof Problem)) throw error;
        return { outcome: error.code, detail: error.detail ?? '' };
      },
    ),
  );
  const met = { name, ...result, seconds: (performance.now() - began) / 1000, peak };
  assert.notEqual(met.outcome, 'internal', `${name}: ${met.detail}`);
  assert.ok(met.seconds < longest, `${name}: ${met.seconds} s`);
  assert.ok(met.peak < mostMemory, `${name}: ${met.peak} bytes`);
  return met;
}

/** What must stay untouched. @returns how often the server was asked, and for what */
async function canaries(t: TestContext): Promise<{ given: Ingredients; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = await sample({
    seconds: 1,
    container: 'ts',
    sound: 'none',
    options: ['-metadata', 'service_name=canary-4711'],
  });
  return { given: await ingredients({ file, url }), asked };
}

for (const [kind, files] of Object.entries(hostileFiles)) {
  test(`${kind}: hostile files are refused in words or bounded, and reach nothing`, async (t) => {
    const { given, asked } = await canaries(t);
    const folder = await temporaryFolder(t);
    const all: Met[] = [];
    for (const [index, { name, extension, opensOthers, make }] of files.entries()) {
      const file = path.join(folder, `${index}.${extension}`);
      await writeFile(file, make(given));
      const met = await meet(t, name, file);
      all.push(met);
      // Refused by the sniffer; and by FFmpeg's own lists where the sniffer would let it through.
      if (opensOthers) all.push(await meet(t, `${name} (not sniffed)`, file, probeSource));
      if (opensOthers) for (const { outcome } of all.slice(-2)) assert.match(outcome, /^source_/, name);
      assert.doesNotMatch(met.detail, /canary-4711/, name);
      await rm(file);
    }
    assert.deepEqual(asked, []);
    report(t, all);
  });
}

test('pictures of 16,000 × 4,000 are refused before they take memory', async (t) => {
  const met = await meet(t, 'large pictures', await tooManyPixels());
  assert.equal(met.outcome, 'source_unsupported');
  assert.ok(met.peak < 200e6, `${met.peak} bytes`);
  report(t, [met]);
});

test('a name or a link leads to nothing but the file itself', async (t) => {
  const { given, asked } = await canaries(t);
  const folder = await temporaryFolder(t);
  const names = ['concat:a|b', 'subfile,,start,0,end,0,,:x', '%03d.mp4', '-i'];
  for (const name of names) {
    const file = path.join(folder, name);
    await writeFile(file, given.mp4);
    assert.equal((await meet(t, name, file)).outcome, 'taken', name);
    await rm(file);
  }
  const link = path.join(folder, 'link.mp4');
  await symlink('/etc/passwd', link);
  const { outcome, detail } = await meet(t, 'a link', link);
  assert.equal(outcome, 'source_not_video');
  assert.doesNotMatch(detail, /nologin/);
  assert.deepEqual(asked, []);
});

test('without our flags the same files do get at the canaries, so that the rest shows something', async (t) => {
  const { given, asked } = await canaries(t);
  const folder = await temporaryFolder(t);
  const probe = async (name: string, ...flags: string[]) => {
    // Newer FFmpegs take a playlist of HLS only by its own extension.
    const file = path.join(folder, 'x.m3u8');
    await writeFile(file, hostileFiles.playlists.find((one) => one.name === name)?.make(given) ?? '');
    const args = ['-v', 'error', ...flags, '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', file];
    const { stdout } = await promisify(execFile)(tools.ffprobe, args, {
      timeout: 10_000,
      env: toolEnvironment(process.env),
    }).catch(() => ({
      stdout: '',
    }));
    return stdout;
  };
  assert.match(await probe('HLS: a local file', '-allowed_extensions', 'ALL'), /h264/);
  assert.match(await probe('ffconcat: a local file', '-safe', '0'), /h264/);
  await probe('ffconcat: a server', '-safe', '0', '-protocol_whitelist', 'file,http,tcp');
  assert.deepEqual(asked, ['/a.mp4']);
});

/** Where time and memory went: the worst, and how many of each outcome. */
function report(t: TestContext, all: Met[]): void {
  const worst = (of: (met: Met) => number) => [...all].sort((one, other) => of(other) - of(one)).slice(0, 2);
  const outcomes = new Map<string, number>();
  for (const { outcome } of all) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  t.diagnostic(`${all.length} files: ${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`);
  for (const { name, seconds } of worst((met) => met.seconds)) t.diagnostic(`${seconds.toFixed(2)} s: ${name}`);
  // The peak of resident memory (VmHWM) of any one FFmpeg or ffprobe.
  for (const { name, peak } of worst((met) => met.peak)) t.diagnostic(`${(peak / 1e6).toFixed(0)} MB: ${name}`);
}
