import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { forgeToken, signUp } from '../test/kit/accounts.ts';
import { clientWith, type Client } from '../test/kit/client.ts';
import { logged, startProgram, type RunningProgram } from '../test/kit/program.ts';
import { undo, type Cleanup } from '../test/kit/undo.ts';
import { tools } from '../test/kit/videos.ts';
import { built } from './built.ts';
import type { Ground } from './ground.ts';
import { startWebProcess, type WebProcess } from './web-process.ts';

export interface ServiceProcesses {
  web: WebProcess;
  worker: RunningProgram;
  /** An account's way to it. */
  client: Client;
}

/** A web and a worker process, as production runs them. @param more environment over the usual one */
export async function startServiceProcesses(
  t: Cleanup,
  ground: Ground,
  more: Record<string, string> = {},
): Promise<ServiceProcesses> {
  const env = {
    ...{ FFMPEG_PATH: tools.ffmpeg, FFPROBE_PATH: tools.ffprobe, WORK_DIR: path.join(ground.folder, 'work') },
    ACCESS_TOKEN_SECONDS: '86400',
    ...more,
  };
  // FFmpeg may run as another user.
  await chmod(ground.folder, 0o711);
  const web = await startWebProcess(t, env, ground);
  const its = { DATABASE_URL: ground.databaseUrl, DATA_DIR: path.join(ground.folder, 'data'), ...env };
  const worker = startProgram({ after: (step) => undo(t, step) }, await built('worker/main.ts'), its);
  await logged(worker, /worker ready/, 60_000);
  const { id } = await signUp(web.url);
  return { web, worker, client: clientWith(web.url, await forgeToken(web.settings, id, { payload: LONG })) };
}

/** Longer than any bench. */
const LONG = { exp: Math.floor(Date.now() / 1000) + 80_000 };
