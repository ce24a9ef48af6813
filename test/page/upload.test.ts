import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesIn, without } from '../../web/ui/submit/url-lines.ts';
import { asking, contentRange, isOver, pieceAt, received } from '../../web/ui/upload/pieces.ts';
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

test('addresses are taken one a line, once each; lines that hold none are told apart', () => {
  const none = { urls: [], wrong: [], tooLong: [] };
  assert.deepEqual(addressesIn(' https://a.example/1.mp4\n\nhttp://b.example/2\nhttps://a.example/1.mp4 '), {
    ...none,
    urls: ['https://a.example/1.mp4', 'http://b.example/2'],
  });
  assert.deepEqual(addressesIn('https://a.example/1.mp4\nmy video.mp4\njavascript:alert(1)'), {
    ...none,
    urls: ['https://a.example/1.mp4'],
    wrong: ['my video.mp4', 'javascript:alert(1)'],
  });
  assert.deepEqual(addressesIn('https://a.example/mi vídeo 1.mp4 https://b.example/2\nsee https://a.example/3'), {
    ...none,
    urls: ['https://a.example/mi vídeo 1.mp4', 'https://b.example/2'],
    wrong: ['see https://a.example/3'],
  });
  const long = `https://a.example/${'a'.repeat(2048)}`;
  assert.deepEqual(addressesIn(long), { ...none, tooLong: [long] });
  assert.deepEqual(addressesIn('\n'), none);
});

test('of the addresses only what was taken goes, also when more was written meanwhile', () => {
  const written = 'https://a.example/1\nmy video\nhttps://a.example/1 https://a.example/2\nhttps://a.example/3';
  assert.equal(without(written, 'https://a.example/1'), 'my video\nhttps://a.example/2\nhttps://a.example/3');
  assert.equal(without('https://a.example/1', 'https://a.example/1'), '');
  assert.equal(without('https://a.example/a b https://a.example/1', 'https://a.example/a b'), 'https://a.example/1');
});

test('an upload is over when its address is not good any more, not when something else is wrong', () => {
  assert.equal(isOver({ status: 404, code: 'upload_not_found' }), true);
  assert.equal(isOver({ status: 400, code: '' }), true);
  assert.equal(isOver({ status: 400, code: 'unknown_profile' }), false);
  assert.equal(isOver({ status: 429, code: 'too_many_tasks' }), false);
});
