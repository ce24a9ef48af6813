import assert from 'node:assert/strict';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { connectKept, keepSession, readSession, sessionFile } from '../client/cli/kept-session.ts';
import { answerOf, type Api, type Session } from '../client/connect.ts';
import { downloadClips } from '../client/download.ts';
import { rows } from '../shared/db/connect.ts';
import { commandLine } from './kit/command-line.ts';
import { startService } from './kit/service.ts';
import { until } from './kit/until.ts';
import { sample } from './kit/videos.ts';

test('commands', async (t) => {
  const service = await startService(t);
  const { claqueta, account, folder } = await commandLine(t, service);
  assert.equal((await claqueta('login', '--url', service.url, '--email', account.email)).code, 0);

  await t.test('aborting a task that ends at this moment leaves it and its clips there', async () => {
    const [task] = await rows<{ id: string }>(
      service.db,
      `insert into tasks (id, owner_id, profile, source, status)
       select gen_random_uuid(), id, '{"name": "idrl"}', '{"kind": "url", "url": "http://x"}', 'running' from users returning id`,
    );
    const id = task?.id ?? '';
    const ending = await service.db.transaction();
    await ending.raw(`update tasks set status = 'cancelled', finished_at = clock_timestamp() where id = ?`, [id]);
    const aborting = claqueta('abort', id);
    const held = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await until(async () => (await rows(service.db, held)).length > 0, { what: 'the abort waits for the end' });
    await ending.commit();
    const { code, err } = await aborting;
    assert.deepEqual([code, /is cancelled already/.test(err)], [1, true]);
    assert.equal((await claqueta('status', id)).code, 1, 'a cancelled task, which is still there');
    assert.equal((await rows(service.db, 'select from tasks where id = :id', { id })).length, 1);
  });

  await t.test('commands that wait side by side keep the session that they share', async () => {
    const expired = { ...(await readSession()), expires_at: 0 } as Session;
    await keepSession(expired);
    const { signal } = new AbortController();
    const [first, second, third, late] = [1, 2, 3, 4].map(() => connectKept(expired, signal));
    const list = async (api?: Api) => (await api?.GET('/tasks'))?.response.status;
    assert.deepEqual(await Promise.all([first, second, third].map(list)), [200, 200, 200]);
    const given = await rows<{ used: boolean }>(service.db, 'select used_at is not null as used from refresh_tokens');
    assert.deepEqual(given.map(({ used }) => used).sort(), [false, true], 'one of them refreshed for all');
    // No repeating any more.
    await service.db.raw(`update refresh_tokens set used_at = used_at - interval '60 seconds'`);
    assert.equal(await list(late), 200);
    assert.equal((await claqueta('list')).code, 0);
  });

  await t.test('a session that was killed while refreshing is waited for no longer than it can be at it', async () => {
    const lock = `${sessionFile()}.lock`;
    await writeFile(lock, '');
    const before = new Date(Date.now() - 61_000);
    await utimes(lock, before, before);
    await keepSession({ ...(await readSession()), expires_at: 0 } as Session);
    assert.equal((await claqueta('list')).code, 0);
    await assert.rejects(stat(lock), { code: 'ENOENT' });
  });

  await t.test('whose stream is ready is told where', async () => {
    const clips = path.join(folder, 'clips');
    const done = await claqueta('submit', await sample({ seconds: 2 }), '--profile', 'hls', '--download', clips);
    assert.equal(done.code, 0, done.err);
    assert.match(done.err, /stream is not downloaded/);
    await assert.rejects(stat(clips), { code: 'ENOENT' });
    const [id = ''] = done.out.split('\n');
    const { out } = await claqueta('status', id);
    for (const text of [done.out, out]) {
      const stream = /^stream +(\S+)$/m.exec(text)?.[1] ?? '';
      assert.match(await (await fetch(stream)).text(), /^#EXTM3U/);
      assert.match(text, /^poster +http/m);
    }
  });

  await t.test(
    'a video is replayed by a profile in a file, and clips whose addresses run out come all the same',
    async () => {
      const [ended] = await rows<{ id: string }>(service.db, `select id from tasks where status = 'succeeded'`);
      const own = path.join(folder, 'own.json');
      await writeFile(own, JSON.stringify({ ...small, name: 'small' }));
      const done = await claqueta('replay', ended?.id ?? '', '--profile', own, '--wait');
      assert.equal(done.code, 0, done.err);
      assert.match(done.out, /part-001\.mp4 +0\.50 +160×90/);

      const [id = ''] = done.out.split('\n');
      const clips = path.join(folder, 'read-anew');
      let reads = 0;
      async function read() {
        const api = connectKept((await readSession()) as Session, t.signal);
        const task = answerOf(await api.GET('/tasks/{id}', { params: { path: { id } } }));
        return reads++ > 0 ? task.clips : task.clips.map((clip) => ({ ...clip, url: clip.url.replace(/.$/, '~') }));
      }
      await downloadClips(read, clips, t.signal);
      assert.deepEqual([await readdir(clips), reads], [['part-001.mp4'], 2]);
      assert.equal((await claqueta('status', id, '--download', path.join(folder, 'again'))).code, 0);
      assert.deepEqual(await readdir(path.join(folder, 'again')), ['part-001.mp4']);
    },
  );

  await t.test('what is wrong is said before a file is sent', async () => {
    const file = path.join(folder, 'video.mp4');
    const broken = path.join(folder, 'broken.json');
    await Promise.all([file, broken].map((one) => writeFile(one, 'nothing of the kind')));
    const count = async () => (await rows(service.db, 'select from uploads')).length;
    const before = await count();
    const wrong: [RegExp, ...string[]][] = [
      [/from -10 to 10/, 'submit', file, '--priority', '11'],
      [/from -10 to 10/, 'submit', file, '--priority', 'x'],
      [/There is no profile ildr. There are: .*idrl/, 'submit', file, '--profile', 'ildr'],
      [/There is no profile ildr/, 'plan', file, '--profile', 'ildr'],
      [/is not JSON/, 'submit', file, '--profile', broken],
      [/There is no file .*none\.json/, 'submit', file, '--profile', path.join(folder, 'none.json')],
      [/is a folder: name a file in it/, 'submit', folder],
      [/There is no file/, 'submit', path.join(folder, 'none.mp4')],
    ];
    for (const [words, ...args] of wrong) {
      const { code, out, err } = await claqueta(...args);
      assert.deepEqual([code, out, words.test(err)], [2, '', true], `${args.join(' ')}: ${err}`);
      assert.doesNotMatch(err, /sending/);
    }
    assert.equal(await count(), before);
  });
});

const small = {
  title: 'Small and silent',
  description: 'For previews.',
  part_seconds: 10,
  first_seconds: 0.5,
  frame: { fit: 'pad', width: 160, height: 90 },
  fps: 12,
  video: { codec: 'h264', preset: 'ultrafast', crf: 30 },
  audio: null,
  bumper: null,
  watermark: null,
};
