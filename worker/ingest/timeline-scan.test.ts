import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPacket, type Packet } from './packet.ts';
import { Scanner } from './timeline-scan.ts';

const most = { seconds: 100, pictures: 1000 };

function packet(shown: number | null, more: Partial<Packet> = {}): Packet {
  return { stream: 0, shown, decoded: shown, duration: null, isKey: false, isHidden: false, ...more };
}

test('lines of ffprobe are read, whatever their version adds', () => {
  const times = { shown: 10, decoded: 9.967, duration: 0.033 };
  assert.deepEqual(readPacket('0,10.000000,9.967000,0.033000,K_'), packet(10, { ...times, isKey: true }));
  assert.deepEqual(readPacket('0,10.000000,9.967000,0.033000,_DC,'), packet(10, { ...times, isHidden: true }));
  assert.deepEqual(readPacket('2,N/A,N/A,N/A,__'), packet(null, { stream: 2 }));
  for (const line of ['', ',', 'side_data,1,2,3,4', '0,1.0']) assert.equal(readPacket(line), null);
});

test('times count from the first picture or the first sound that is used, to the microsecond', () => {
  const scanner = new Scanner(0, most);
  scanner.add(packet(1.2, { stream: 2 }));
  scanner.add(packet(1.445333, { stream: 1 }));
  scanner.add(packet(1.466667));
  const both = scanner.finish([{ index: 1 }]);
  assert.deepEqual([both.starts_at, [...both.times]], [1.445333, [0.021334]]);
  const alone = scanner.finish();
  assert.deepEqual([alone.starts_at, [...alone.times]], [1.466667, [0]]);
});

test('an edit list that begins inside a packet of sound does not begin the clock before it', () => {
  const scanner = new Scanner(0, most);
  scanner.add(packet(-0.012, { stream: 1, duration: 0.021 }));
  scanner.add(packet(0));
  assert.equal(scanner.finish([{ index: 1, begins_at: 0 }]).starts_at, 0);
});

test('a picture without a time to show it is shown when it is decoded', () => {
  const scanner = new Scanner(0, most);
  scanner.add(packet(null, { decoded: 3 }));
  scanner.add(packet(null));
  assert.deepEqual([scanner.finish().starts_at, [...scanner.finish().times]], [3, [0]]);
});

test('the last picture is held as long as it says, else as long as the mean', () => {
  const says = new Scanner(0, most);
  for (const time of [0, 2, 1]) says.add(packet(time, { duration: 5 }));
  assert.equal(says.finish().ends_at, 7);
  const silent = new Scanner(0, most);
  for (const time of [0, 2, 1]) silent.add(packet(time, { duration: 0 }));
  assert.equal(silent.finish().ends_at, 3);
  const alone = new Scanner(0, most);
  alone.add(packet(0));
  assert.equal(alone.finish().ends_at, 1 / 25);
});

test('thousands of pictures are kept, and sound only by its end', () => {
  const scanner = new Scanner(1, { seconds: 1e6, pictures: 1e6 });
  for (let index = 0; index < 5000; index++) {
    scanner.add(packet(index, { stream: 1, isKey: index % 2 === 0 }));
    scanner.add(packet(index + 0.5, { stream: 0, duration: 1 }));
  }
  const { times, keys, streams_end_at } = scanner.finish();
  assert.equal(times.length, 5000);
  assert.equal(times[4999], 4999);
  assert.equal(keys.shown.length, 2500);
  assert.equal(streams_end_at.get(0), 5000.5);
});

test('a source that is too long or has too many pictures is not read to its end', () => {
  const scanner = new Scanner(0, most);
  scanner.add(packet(0));
  // A few may be strays.
  for (const time of [100.1, 100.2, 100.3]) scanner.add(packet(time));
  assert.throws(() => scanner.add(packet(100.4)), { code: 'source_too_long' });
  const many = new Scanner(0, { seconds: 100, pictures: 2 });
  many.add(packet(0));
  many.add(packet(0));
  assert.throws(() => many.add(packet(0)), { code: 'source_too_long' });
});

test('a time line that starts over is refused, reordered pictures are not', () => {
  const scanner = new Scanner(0, most);
  scanner.add(packet(10));
  scanner.add(packet(9.5, { decoded: 10.1 }));
  assert.throws(() => scanner.add(packet(2)), { code: 'source_unsupported' });
});

test('time stamps far from all others are left out, at the end and in the middle', () => {
  const scanner = new Scanner(0, most);
  for (let at = 0; at < 50; at++) scanner.add(packet(at / 25, { duration: at === 49 ? 3600 : 0.04 }));
  scanner.add(packet(3600));
  scanner.add(packet(2));
  const { times, ends_at, strays, retimed } = scanner.finish();
  assert.deepEqual([times.length, strays], [52, 1]);
  assert.ok(ends_at < 2.2, `${ends_at} s`);
  assert.deepEqual(
    retimed?.map(({ from }) => from),
    [3600],
  );
});

test('a last picture that is held for long is none of them where the sound goes on', () => {
  const scanner = new Scanner(0, most);
  for (let at = 0; at < 50; at++) scanner.add(packet(at / 25));
  for (let at = 0; at < 90; at++) scanner.add(packet(at, { stream: 1, duration: 1 }));
  scanner.add(packet(89.5));
  assert.equal(scanner.finish([{ index: 1 }]).strays, 0);
});

test('a source without pictures has no length', () => {
  assert.equal(new Scanner(0, most).finish().ends_at, 0);
});
