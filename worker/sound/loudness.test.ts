import assert from 'node:assert/strict';
import { test } from 'node:test';
import { always, catalogProfile, probe, temporaryFolder } from '../../test/kit/videos-clip.ts';
import { loudnessOf, made } from '../../test/kit/videos.ts';
import { encodeClip } from '../clip/encode.ts';
import { planClips } from '../ingest/timeline.ts';
import { gainFor, Loudness } from './loudness.ts';
import { withLoudness } from './measure-loudness.ts';

test('one factor, and peaks are limited only where they would go too high', () => {
  assert.deepEqual(gainFor({ integrated: -30, true_peak: -20 }, -16), {
    ...{ integrated: -30, true_peak: -20, db: 14, limited: false },
  });
  assert.equal(gainFor({ integrated: -30, true_peak: -10 }, -16)?.limited, true);
  assert.equal(gainFor({ integrated: -10, true_peak: 0 }, -23)?.db, -13);
  assert.equal(gainFor({ integrated: -70, true_peak: -60 }, -16), null);
  assert.equal(gainFor({ integrated: -60, true_peak: -50 }, -14)?.db, 30);
});

test('what FFmpeg says of loudness is read, and silence is none', () => {
  const read = (...lines: string[]) => {
    const loudness = new Loudness();
    for (const line of lines) loudness.read(line);
    return loudness.measured;
  };
  assert.deepEqual(read('    I:         -23.4 LUFS', '    Peak:       -4.1 dBFS'), {
    integrated: -23.4,
    true_peak: -4.1,
  });
  assert.equal(read('    I:         -70.0 LUFS', '    Peak:       -inf dBFS'), null);
  assert.equal(read('title: I: -5 LUFS'), null);
});

for (const [what, sound, limited] of [
  ['quiet', 'volume=-20dB', false],
  ['with loud moments', "volume='if(lt(mod(t,4),0.05),0.8,0.06)':eval=frame", true],
] as const) {
  test(`sound that is ${what} comes out as loud as asked for, and no peak too high`, async (t) => {
    const drawn = [
      '-f',
      'lavfi',
      '-i',
      'color=gray:s=64x36:r=5:d=12',
      '-f',
      'lavfi',
      '-i',
      `sine=f=440:r=48000:d=12,${sound}`,
    ];
    const source = await made('mkv', [...drawn, '-c:v', 'libx264', '-c:a', 'pcm_s16le']);
    const whole = catalogProfile('idrl');
    const profile = { ...whole, bumper: null, audio: whole.audio && { ...whole.audio, loudness: -16 as const } };
    const { media: found, pictures } = await probe(source);
    const folder = await temporaryFolder(t);
    const media = await withLoudness(source, found, profile, { ...always, folder });
    assert.equal(media.audio?.gain?.limited, limited);
    const [input] = planClips(pictures, media, profile);
    assert.ok(input);
    const to = `${folder}/loud.mp4`;
    await encodeClip({ ...always, source, input, media, profile, to });
    const { integrated, true_peak } = await loudnessOf(to);
    t.diagnostic(`${integrated} LUFS, ${true_peak} dBTP`);
    assert.ok(Math.abs(integrated + 16) < (limited ? 1 : 0.5), `${integrated} LUFS`);
    assert.ok(true_peak <= -1, `${true_peak} dBTP`);
  });
}
