import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '../../shared/task/profile.ts';
import { clientWith } from '../kit/client.ts';
import { until } from '../kit/until.ts';
import { catalog } from '../kit/videos-clip.ts';
import { drawSeams } from '../seams/draw.ts';
import { submitWith } from '../seams/submit.ts';
import { picture, withoutBrowser } from './kit/browser.ts';
import { signUp, tokenOf } from './kit/page.ts';
import { setStage } from './kit/stage.ts';

interface Player {
  currentTime: number;
  videoHeight: number;
  duration: number;
  muted: boolean;
  ended: boolean;
  play(): Promise<void>;
}

test(
  'a stream plays in the page, changes its size when told to, and comes to its end',
  { skip: withoutBrowser },
  async (t) => {
    const stage = await setStage(t);
    const { page, complaints } = await stage.visit();
    await signUp(page);
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    const source = await drawSeams({ seconds: 11, rate: '25', width: 854, height: 480 });
    const profile = { ...(catalog.get('hls') as Profile), part_seconds: 4 };
    const id = await submitWith(stage.service, source, profile);
    await clientWith(stage.service.url, await tokenOf(page)).ended(id);
    assert.ok(!fetched.some((url) => /hls/.test(url)), 'the player is not fetched before there is a stream');

    await page.goto(`/#/tasks/${id}`);
    const player = page.locator('.stream video');
    await player.waitFor();
    const quality = page.getByLabel('Quality');
    await quality.waitFor();
    const look = () =>
      player.evaluate(({ currentTime, videoHeight, duration, ended }: Player) => ({
        currentTime,
        videoHeight,
        duration,
        ended,
      }));
    await quality.selectOption('360p');
    await player.evaluate((video: Player) => ((video.muted = true), video.play()));
    await until(async () => (await look()).videoHeight === 360 && (await look()).currentTime > 0.2, {
      what: 'it plays with 360 lines',
    });
    await quality.selectOption('480p');
    await until(async () => (await look()).videoHeight === 480, { what: 'it plays with 480 lines' });
    const before = await look();
    await until(async () => (await look()).currentTime > before.currentTime, { what: 'it goes on' });
    await picture(page, 'stream');
    await player.evaluate((video: Player) => void (video.currentTime = 9.5));
    await until(async () => (await look()).ended, { what: 'it has come to its end' });
    const { duration } = await look();
    assert.ok(Math.abs(duration - 11) < 0.05, `${duration} s`);
    t.diagnostic(`played at 360 and 480 lines, ${duration} s long`);
    assert.deepEqual(complaints, []);
  },
);
