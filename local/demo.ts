import path from 'node:path';
import { runProgram } from '../shared/program.ts';
import { findTools } from '../worker/ffmpeg/tools.ts';
import { openSession } from './demo/client.ts';
import { downloadClips } from './demo/download.ts';
import { showProgress } from './demo/progress.ts';
import { drawSample } from './demo/sample.ts';
import { clipTable } from './demo/table.ts';
import { startLocal } from './start.ts';

const SAMPLE_SECONDS = 45;

const say = (text: string) => process.stdout.write(`${text}\n`);

// `npm run demo`: the main job, whole, as a client sees it.
await runProgram(
  'demo',
  async (program) => {
    const { settings, signal } = program;
    const folder = path.resolve(settings.DATA_DIR, 'demo');
    // Any free port, so that the demo runs whatever else does.
    const local = { ...program, settings: { ...settings, PORT: 0 } };

    say(`Drawing a sample video of ${SAMPLE_SECONDS} seconds …`);
    const sample = await drawSample(folder, SAMPLE_SECONDS, await findTools(settings), signal);
    say('Starting Postgres, web and worker …');
    const { url } = await startLocal(local);
    say(`Signing up at ${url} and submitting ${path.relative('.', sample)} …\n`);
    const session = await openSession(url, signal);
    const submitted = await session.submit(sample);

    const task = await showProgress(() => session.read(submitted.task_id), process.stdout, signal);
    if (task.status !== 'succeeded') {
      say(`\nThe task ${task.status}: ${task.error?.message ?? 'no reason given'}`);
      return 1;
    }
    const clips = await downloadClips(task.clips, path.join(folder, task.task_id), signal);
    say(`\n${clipTable(clips)}\n`);
    return 0;
  },
  { logFile: (settings) => path.resolve(settings.DATA_DIR, 'demo', 'demo.log') },
);
