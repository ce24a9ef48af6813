import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bars, beeps, film, x264, aac } from './kit/draw.ts';
import { watch } from './kit/measure.ts';
import { comb, roundness } from './kit/shapes.ts';
import { numberAt, steady, wrongBeeps, wrongPictures } from './kit/truth.ts';
import { made } from '../kit/videos.ts';

const wanted = { pictures: steady(25, 2), seconds: 2, fps: 25, slack: 0, every: true };
const right = wanted.pictures.map(([number]) => number);
const changed = (change: (numbers: number[]) => void) => {
  const numbers = [...right];
  change(numbers);
  return wrongPictures(numbers, wanted);
};

test('pictures that are right are not complained of', () => {
  assert.deepEqual(wrongPictures(right, wanted), []);
  // At 24 a second each may be a place early or late, and one of 25 is left out.
  const slower = Array.from({ length: 48 }, (_, place) => numberAt(wanted.pictures, place / 24));
  assert.deepEqual(wrongPictures(slower, { ...wanted, fps: 24, slack: 1, every: false }), []);
  const held = [...right, ...Array.from({ length: 25 }, () => 49)];
  assert.deepEqual(wrongPictures(held, { ...wanted, seconds: 3 }), []);
});

test('a picture that is doubled, dropped, shifted or missing at an end is complained of', () => {
  assert.match(
    changed((numbers) => numbers.splice(10, 1, 9))[0] ?? '',
    /^1 pictures wrong: at 0.4 s 9 is shown instead of 10/,
  );
  assert.match(changed((numbers) => numbers.splice(10, 1))[0] ?? '', /^49 pictures instead of 50/);
  assert.match(changed((numbers) => numbers.splice(10, 0, 10))[0] ?? '', /^51 pictures instead of 50/);
  assert.match(changed((numbers) => numbers.unshift(numbers.pop() ?? 0)).join(), /49 is shown instead of 0/);
  assert.match(changed((numbers) => numbers.reverse()).join(), /48 is shown after 49/);
  assert.match(
    wrongPictures(right.slice(0, 48), { ...wanted, slack: 1 }).join(),
    /2 pictures never shown, the first of them 48/,
  );
});

test('beeps may be 20 ms from their pictures, and no more', () => {
  assert.deepEqual(wrongBeeps([0.269, 0.731], [0.25, 0.75]), []);
  assert.match(wrongBeeps([0.25, 0.771], [0.25, 0.75])[0] ?? '', /^a beep is off by 21 ms/);
  assert.match(wrongBeeps([0.25], [0.25, 0.75])[0] ?? '', /^1 beeps instead of 2/);
});

test('what is drawn is measured: numbers, time stamps, beeps', async () => {
  const { numbers, times, sound } = await watch(await film('mp4'));
  assert.deepEqual(numbers, right);
  assert.ok(times.every((time, place) => Math.abs(time - place / 25) < 1e-6));
  assert.deepEqual(wrongBeeps(sound?.beeps ?? [], [0.25, 0.75, 1.25, 1.75]), []);
  assert.equal((await watch(await film('mp4', { sound: null }))).sound, null);
});

test('sound that a file begins late is heard late', async () => {
  const late = ['-itsoffset', '0.5', ...beeps({ seconds: 1.5 })];
  const { sound } = await watch(await made('mp4', [...bars(), ...late, ...x264, ...aac]));
  assert.deepEqual(wrongBeeps(sound?.beeps ?? [], [0.75, 1.25, 1.75]), []);
});

test('a stretched disc and woven fields are seen', () => {
  const draw = (width: number, height: number, lum: (x: number, y: number) => number) => ({
    ...{ width, height },
    bytes: Buffer.from(Array.from({ length: width * height }, (_, at) => lum(at % width, Math.floor(at / width)))),
  });
  const ellipse = (times: number) => draw(160, 90, (x, y) => (Math.hypot((x - 80) / times, y - 45) < 20 ? 235 : 60));
  assert.ok(Math.abs(roundness(ellipse(1)) - 1) < 0.03);
  assert.ok(Math.abs(roundness(ellipse(1.33)) - 1.33) < 0.05);
  const wave = (x: number) => 126 + 100 * Math.sin(x / 2);
  const still = comb(draw(64, 64, (x, y) => wave(x + y / 3)));
  const woven = comb(draw(64, 64, (x, y) => wave(x + y / 3 + 3 * (y % 2))));
  assert.ok(woven > 5 * still, `${woven} against ${still}`);
});
