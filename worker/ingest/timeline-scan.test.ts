import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPacket, Scanner, type Packet } from './timeline-scan.ts';

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

test('times count from the first time stamp of the container, to the microsecond', () => {
  const scanner = new Scanner(0, 1.445333, most);
  scanner.add(packet(1.466667));
  assert.deepEqual([...scanner.finish().times], [0.021334]);
});

test('a picture without a time to show it is shown when it is decoded', () => {
  const scanner = new Scanner(0, 0, most);
  scanner.add(packet(null, { decoded: 3 }));
  scanner.add(packet(null));
  assert.deepEqual([...scanner.finish().times], [3]);
});

test('the last picture is held as long as it says, else as long as the mean', () => {
  const says = new Scanner(0, 0, most);
  for (const time of [0, 2, 1]) says.add(packet(time, { duration: 5 }));
  assert.equal(says.finish().ends_at, 7);
  const silent = new Scanner(0, 0, most);
  for (const time of [0, 2, 1]) silent.add(packet(time, { duration: 0 }));
  assert.equal(silent.finish().ends_at, 3);
  const alone = new Scanner(0, 0, most);
  alone.add(packet(0));
  assert.equal(alone.finish().ends_at, 1 / 25);
});

test('thousands of pictures are kept, and sound only by its end', () => {
  const scanner = new Scanner(1, 0, { seconds: 1e6, pictures: 1e6 });
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
  const scanner = new Scanner(0, 0, most);
  assert.throws(() => scanner.add(packet(100.1)), { code: 'source_too_long' });
  const many = new Scanner(0, 0, { seconds: 100, pictures: 2 });
  many.add(packet(0));
  many.add(packet(0));
  assert.throws(() => many.add(packet(0)), { code: 'source_too_long' });
});

test('a time line that starts over is refused, reordered pictures are not', () => {
  const scanner = new Scanner(0, 0, most);
  scanner.add(packet(10));
  scanner.add(packet(9.5, { decoded: 10.1 }));
  assert.throws(() => scanner.add(packet(2)), { code: 'source_unsupported' });
});

test('a source without pictures has no length', () => {
  assert.equal(new Scanner(0, 0, most).finish().ends_at, 0);
});
