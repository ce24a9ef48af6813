import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { rows } from '../../shared/db/connect.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { newClient, type Client } from '../kit/client.ts';
import { ffmpegsIn } from '../kit/processes.ts';
import { startService, type Service } from '../kit/service.ts';
import { until } from '../kit/until.ts';
import { catalog, temporaryFolder } from '../kit/videos-clip.ts';
import { tools } from '../kit/videos.ts';
import { drawSeams } from './draw.ts';
import { submitWith } from './submit.ts';

/** Slow enough to be killed at work. */
const whole: Profile = {
  ...(catalog.get('whole') as Profile),
  part_seconds: 4,
  frame: { fit: 'pad', width: 640, height: 360 },
  video: { codec: 'h264', preset: 'medium', crf: 21 },
};
const kills = 5;

test('a whole video whose FFmpegs are killed five times has the very pictures of one that was left alone', async (t) => {
  const service = await startService(t, { env: { STEP_TRIES: '10' } });
  const client = await newClient(service.url);
  const source = await drawSeams({ seconds: 9, rate: '30000/1001', noisy: true });
  const undisturbed = await submitWith(service, source, whole);
  const left = await pictures(t, client, undisturbed);

  const disturbed = await submitWith(service, source, whole);
  const killed = new Set<number>();
  while (killed.size < kills) await killOne(service, killed);
  assert.deepEqual(await pictures(t, client, disturbed), left);
  const [attempts] = await rows<{ sum: number }>(
    service.db,
    `select sum(attempt - 1)::integer as sum from steps where task_id = :disturbed and kind = 'clip'`,
    { disturbed },
  );
  t.diagnostic(`${kills} kills, ${attempts?.sum} attempts more, ${left.length} pictures the same`);
  assert.equal(attempts?.sum, kills, 'each kill hit an attempt of a part');
});

/** Kills an FFmpeg that encodes a part, without a word, and has its step tried again at once. */
async function killOne({ db, settings, parts }: Service, killed: Set<number>): Promise<void> {
  const victim = await until(
    async () => {
      // A step that waits after a failure is ready at once.
      await db.raw(`update steps set ready_at = clock_timestamp() where state = 'waiting'`);
      await parts.queue.announce(1);
      const atWork = await ffmpegsIn(settings.WORK_DIR);
      return atWork.find(({ pid, command }) => command.includes('/360.mp4') && !killed.has(pid));
    },
    { what: 'a part is encoded', timeout: 30_000, every: 100 },
  );
  process.kill(victim.pid, 'SIGKILL');
  killed.add(victim.pid);
}

/** Checksums of all pictures of a task's clip, when it has ended. */
async function pictures(t: TestContext, client: Client, id: string): Promise<string[]> {
  const task = await client.ended(id, 120_000);
  assert.equal(task.status, 'succeeded', JSON.stringify(task.error));
  const file = path.join(await temporaryFolder(t), 'whole.mp4');
  await writeFile(file, Buffer.from(await (await fetch(task.clips[0]?.url ?? '')).arrayBuffer()));
  const args = ['-nostdin', '-v', 'error', '-i', file, '-map', '0:v', '-f', 'framemd5', '-'];
  const { stdout } = await promisify(execFile)(tools.ffmpeg, args);
  return stdout.split('\n').filter((line) => line && !line.startsWith('#'));
}
