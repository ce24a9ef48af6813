import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { findTools } from '../../worker/ffmpeg/tools.ts';
import { findTestFiles } from '../kit/test-files.ts';

// `npm run footage:all`: every case with all three profiles, on the FFmpeg of the PATH and on the one shipped through npm.
const root = path.join(import.meta.dirname, '../..');
const folder = path.relative(root, import.meta.dirname);
const found = await Promise.all([findTools({}), findTools({}, '')]);
const tools = new Map(found.map(({ ffmpeg, ffprobe }) => [ffmpeg, ffprobe]));

let interrupted = false;
// The tests are told by the terminal too, and tidy up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (interrupted = true));

for (const [ffmpeg, ffprobe] of tools) {
  // One after another: so many cases side by side would reach the limit of a file.
  for (const file of (await findTestFiles(root)).filter((name) => name.startsWith(folder))) {
    if (interrupted) break;
    process.stdout.write(`\n${file} on ${ffmpeg}\n`);
    const env = { ...process.env, FOOTAGE: 'all', FFMPEG_PATH: ffmpeg, FFPROBE_PATH: ffprobe };
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/run.ts', file], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) process.exitCode = 1;
  }
}
if (interrupted) process.exitCode = 130;
