import { test } from 'node:test';
import assert from 'node:assert/strict';
import { colorWork, type SourceColor } from './color.ts';
import { toSdr } from './to-sdr.ts';

const untagged: SourceColor = {
  ...{ matrix: null, primaries: null, transfer: null, range: null, pixel_format: 'yuv420p', width: 1920, height: 1080 },
};
const hd = { width: 1280, height: 720 };
const pq: SourceColor = { ...untagged, transfer: 'smpte2084', pixel_format: 'yuv420p10le' };
const peakOf = (color: Partial<SourceColor>) => colorWork({ ...pq, ...color }).lut?.peak;

test('what is not HDR and has the primaries of television only changes matrix and range', () => {
  assert.deepEqual(colorWork(untagged), { kind: 'matrix', hdr: null });
  for (const primaries of ['bt709', 'bt470bg', 'smpte170m'])
    assert.equal(colorWork({ ...untagged, primaries, matrix: primaries, range: 'pc' }).kind, 'matrix');
});

test('a file that does not name its matrix has that of its size', () => {
  assert.deepEqual(toSdr(untagged, hd, null), [
    'scale=1280:720:flags=bicubic:in_color_matrix=bt709:out_color_matrix=bt709:out_range=tv',
  ]);
  assert.match(toSdr({ ...untagged, height: 576, width: 720 }, hd, null).join(), /:in_color_matrix=smpte170m:/);
  assert.deepEqual(toSdr({ ...untagged, matrix: 'bt709' }, hd, null), [
    'scale=1280:720:flags=bicubic:out_color_matrix=bt709:out_range=tv',
  ]);
});

test('HDR that says no more than its transfer is of BT.2020', () => {
  const { hdr, lut } = colorWork({ ...untagged, transfer: 'arib-std-b67' });
  assert.equal(hdr, 'hlg');
  assert.deepEqual(lut, { transfer: 'hlg', primaries: 'bt2020', matrix: 'bt2020', peak: 1000 });
});

test('wide gamut without HDR has a table of its own', () => {
  const of = (primaries: string, matrix: string | null) => colorWork({ ...untagged, primaries, matrix });
  assert.deepEqual(of('bt2020', null).lut, { transfer: 'sdr', primaries: 'bt2020', matrix: 'bt2020', peak: 1000 });
  assert.deepEqual(of('smpte432', null).lut, { transfer: 'sdr', primaries: 'p3', matrix: 'bt709', peak: 1000 });
  assert.equal(of('smpte432', 'smpte170m').lut?.matrix, 'bt601');
  assert.equal(of('bt2020', 'bt2020nc').hdr, null);
});

test("a PQ source's peak is the lower of what its metadata says, where that can be true", () => {
  assert.equal(peakOf({}), 1000);
  assert.equal(peakOf({ mastering_peak: 4000, max_cll: 1600 }), 1600);
  assert.equal(peakOf({ mastering_peak: 1000, max_cll: 3000 }), 1000);
  assert.equal(peakOf({ mastering_peak: 0, max_cll: 0 }), 1000);
  assert.equal(peakOf({ mastering_peak: 65_535, max_cll: 1 }), 1000);
  assert.equal(peakOf({ mastering_peak: 10_000, max_cll: null }), 4000);
  assert.equal(peakOf({ mastering_peak: 1000, max_cll: 203 }), 500);
  const hlg = colorWork({ ...pq, transfer: 'arib-std-b67', mastering_peak: 4000 });
  assert.equal(hlg.lut?.peak, 1000, 'HLG has no such metadata');
});

test('sources of odd sizes are scaled by what takes them, and odd sizes are cut from even ones', () => {
  const even = toSdr(pq, hd, 'a.cube').join();
  assert.match(even, /zscale=1280:720:filter=bicubic/);
  assert.doesNotMatch(even, /crop=/);
  assert.match(toSdr({ ...pq, width: 1279 }, hd, 'a.cube').join(), /,scale=1280:720:flags=bicubic/);
  const odd = toSdr(pq, { width: 1279, height: 719 }, 'a.cube').join();
  assert.match(odd, /zscale=1280:720:.*crop=1279:719:0:0:exact=1/);
});
