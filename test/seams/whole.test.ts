import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { rows } from '../../shared/db/connect.ts';
import { taskPrefixes } from '../../shared/task/keys.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { sweepRemovals } from '../../shared/task/removals.ts';
import { newClient, type TaskView } from '../kit/client.ts';
import { startService, type Service } from '../kit/service.ts';
import { catalog, temporaryFolder } from '../kit/videos-clip.ts';
import { onsets } from '../kit/videos-read.ts';
import { sample } from '../kit/videos.ts';
import { drawSeams } from './draw.ts';
import { checkTogether, judge } from './judge.ts';
import { submitWith } from './submit.ts';

/** Parts of 4 s or a little more, so that a short source has seams. */
const whole = { ...(catalog.get('whole') as Profile), part_seconds: 4 };

test('a whole video is made in parts and joined', async (t) => {
  const service = await startService(t);
  const client = await newClient(service.url);
  const join = async (t: TestContext, source: string, profile = whole) => {
    const task = await client.ended(await submitWith(service, source, profile));
    assert.equal(task.status, 'succeeded', JSON.stringify(task.error));
    const [clip] = task.clips;
    assert.ok(clip && task.clips.length === 1);
    const file = path.join(await temporaryFolder(t), clip.name);
    await writeFile(file, Buffer.from(await (await fetch(clip.url)).arrayBuffer()));
    return { task, clip, file };
  };

  const rates = [
    ['24000/1001', 24_000 / 1001],
    ['60000/1001', 60_000 / 1001],
    ['vfr', 30],
  ] as const;
  for (const [rate, fps] of rates) {
    await t.test(`of ${rate}: every picture is there once, and the sound has no seam`, async (t) => {
      const source = await drawSeams({ seconds: 11, rate });
      const { task, clip, file } = await join(t, source);
      const judged = await judge(source, { pictures: file, sound: file }, fps);
      t.diagnostic(JSON.stringify(judged));
      assert.equal(task.parts.length, 3);
      assert.equal(judged.wrong, 0);
      assert.equal(judged.pictures, clip.frames);
      assert.ok(judged.offGrid < 1e-5 && judged.beginsAt === 0);
      assert.ok(judged.quietMs < 1, `${judged.quietMs} ms of silence`);
      assert.ok(judged.jump < 3, `the tone jumps by ${judged.jump} degrees`);
      assert.ok(Math.abs(judged.seconds - judged.pictures / fps) < 0.03, `${judged.seconds} s of sound`);
    });
  }

  await t.test('sound and pictures are together within 10 ms', async (t) => {
    const { file } = await join(t, await sample({ seconds: 9 }));
    checkTogether(t, await onsets(file));
  });

  await t.test('the bumper stands before the first part and after the last, in silence', async (t) => {
    const source = await drawSeams({ seconds: 11, rate: '25' });
    const { clip, file } = await join(t, source, { ...whole, bumper: { image: 'bumper.png', seconds: 1 } });
    assert.equal(clip.frames, (11 + 2) * 25);
    const judged = await judge(source, { pictures: file, sound: file }, 25, { before: 25, after: 25 });
    assert.equal(judged.wrong, 0);
    assert.ok(judged.quietMs < 1);
    assert.ok(Math.abs(judged.seconds - 13) < 0.03, `${judged.seconds} s of sound`);
  });

  await t.test('a source without sound has no sound step, and what is stored is what counts', async (t) => {
    const { task, clip } = await join(t, await sample({ seconds: 9, sound: 'none' }));
    assert.equal(clip.has_sound, false);
    const kinds = await rows<{ kind: string }>(service.db, `select kind from steps where task_id = :id order by id`, {
      id: task.task_id,
    });
    assert.deepEqual(kinds.map(({ kind }) => kind).toSorted(), ['clip', 'clip', 'clip', 'finish', 'ingest']);
    await sweepRemovals(service.db, service.storage);
    const { keys, bytes } = await stored(service, task);
    assert.equal(keys.length, 2, keys.join(' '));
    const [row] = await rows<{ stored_bytes: string }>(service.db, 'select stored_bytes from tasks where id = :id', {
      id: task.task_id,
    });
    assert.equal(Number(row?.stored_bytes), bytes);
  });
});

async function stored({ storage }: Service, task: TaskView): Promise<{ keys: string[]; bytes: number }> {
  const keys = (await Promise.all(taskPrefixes(task.task_id).map((prefix) => storage.list(prefix)))).flat();
  const found = await Promise.all(keys.map((key) => storage.stat(key)));
  return { keys, bytes: found.reduce((sum, file) => sum + (file?.bytes ?? 0), 0) };
}
