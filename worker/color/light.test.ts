import { test } from 'node:test';
import assert from 'node:assert/strict';
import { converter, type LutSpec } from './convert.ts';
import { grayCurve, lutText, points } from './lut.ts';
import { displayPeak, hlgScene, pqLight, pqSignal, referenceWhite, toneCurve } from './light.ts';

const hlg: LutSpec = { transfer: 'hlg', primaries: 'bt2020', matrix: 'bt2020', peak: 1000 };
const pq = (peak: number): LutSpec => ({ ...hlg, transfer: 'pq', peak });
const gray = (spec: LutSpec, signal: number) => converter(spec)([signal, signal, signal])[0];

test('the curves are those of the tables in BT.2408 and BT.2100', () => {
  assert.equal(pqLight(1), 10_000);
  assert.equal(pqSignal(referenceWhite).toFixed(2), '0.58');
  assert.equal(pqSignal(1000).toFixed(2), '0.75');
  assert.equal((1000 * hlgScene(0.75) ** 1.2).toFixed(0), '203');
  assert.equal(hlgScene(1).toFixed(4), '1.0000');
  for (const light of [0.01, 1, 100, 4000]) assert.ok(Math.abs(pqLight(pqSignal(light)) / light - 1) < 1e-9);
});

test('reference white comes out at 90 to 95 % of the signal, or near for the brightest masters', () => {
  assert.ok(gray(hlg, 0.75) > 0.9 && gray(hlg, 0.75) < 0.95, `${gray(hlg, 0.75)}`);
  for (const peak of [500, 1000, 1500, 2000]) {
    const white = gray(pq(peak), pqSignal(referenceWhite));
    assert.ok(white > 0.895 && white < 0.95, `${white} for ${peak}`);
  }
  assert.ok(gray(pq(4000), pqSignal(referenceWhite)) > 0.87);
});

test('brighter never comes out darker, and highlights up to the peak stay apart', () => {
  for (const peak of [500, 1000, 2000, 4000]) {
    const toned = toneCurve(peak, displayPeak(peak));
    const lights = Array.from({ length: 100 }, (_, index) => (peak * (index + 1)) / 100);
    const mapped = lights.map(toned);
    for (const [index, light] of mapped.slice(1).entries()) assert.ok(light >= mapped[index]!, `${lights[index]}`);
    assert.ok(toned(peak / 2) < displayPeak(peak) * 0.998);
    assert.ok(Math.abs(mapped.at(-1)! - displayPeak(peak)) < 1e-6);
  }
});

test('grays stay gray and black stays black', () => {
  for (const spec of [hlg, pq(1000), { ...hlg, transfer: 'sdr' } satisfies LutSpec])
    for (const signal of [0, 0.1, 0.5, 0.75, 1]) {
      const [red, green, blue] = converter(spec)([signal, signal, signal]);
      assert.ok(Math.abs(red - green) < 1e-5 && Math.abs(blue - green) < 1e-5, `${signal}: ${red} ${green} ${blue}`);
      if (signal === 0) assert.equal(red, 0);
      if (spec.transfer === 'sdr') assert.ok(Math.abs(red - signal) < 1e-5);
    }
});

test('the table is off from the curve of grays by nothing for grays', () => {
  const lines = lutText(hlg).trimEnd().split('\n');
  assert.equal(lines.length, 1 + points ** 3);
  assert.equal(lines[0], `LUT_3D_SIZE ${points}`);
  const zero = ((512 * 64) / 65_535).toFixed(5);
  for (let index = 0; index < points; index++)
    assert.equal(lines[1 + index * (points ** 2 + points + 1)], `${zero} ${zero} ${zero}`);
});

test('the curve of grays has the ends of the limited range', () => {
  const curve = grayCurve(hlg);
  assert.deepEqual([curve[0], curve.at(-1)?.from], [{ from: 64, to: 64 }, 940]);
  assert.equal(curve.at(-1)?.to.toFixed(2), '940.00');
});
