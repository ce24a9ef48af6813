import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesIn } from '../../web/ui/submit/url-lines.ts';
import { asking, contentRange, pieceAt, received } from '../../web/ui/upload/pieces.ts';
import { speedometer } from '../../web/ui/upload/speed.ts';

test('pieces cover a file, each but the last a multiple of 256 KiB', () => {
  const total = 20_000_001;
  const ends: number[] = [];
  for (let start = 0; start < total; start = ends.at(-1) ?? total) ends.push(pieceAt(start, total).end);
  assert.deepEqual(ends, [8_388_608, 16_777_216, total]);
  for (const end of ends.slice(0, -1)) assert.equal(end % (256 * 1024), 0);
  assert.equal(contentRange(pieceAt(16_777_216, total), total), 'bytes 16777216-20000000/20000001');
  assert.equal(asking(total), 'bytes */20000001');
});

test('how much is there is what the answer says, and nothing where it says nothing', () => {
  assert.equal(received('bytes=0-8388607'), 8_388_608);
  assert.equal(received(null), 0);
  assert.equal(received('bytes=5-9'), 0);
});

test('the speed is that of the last seconds, and a pause does not count', () => {
  let now = 0;
  const meter = speedometer(() => now);
  assert.equal(meter.measure(0), null);
  now = 2_000;
  assert.equal(meter.measure(4_000_000), 2_000_000);
  now = 60_000;
  meter.reset();
  assert.equal(meter.measure(4_000_000), null);
  now = 61_000;
  assert.equal(meter.measure(5_000_000), 1_000_000);
});

test('addresses are taken one a line, once each; the first that is none is named', () => {
  assert.deepEqual(addressesIn(' https://a.example/1.mp4\n\nhttp://b.example/2\nhttps://a.example/1.mp4 '), {
    urls: ['https://a.example/1.mp4', 'http://b.example/2'],
  });
  assert.deepEqual(addressesIn('https://a.example/1.mp4\nvideo.mp4'), { wrong: 'video.mp4' });
  assert.deepEqual(addressesIn('javascript:alert(1)'), { wrong: 'javascript:alert(1)' });
  assert.deepEqual(addressesIn('\n'), { urls: [] });
});
