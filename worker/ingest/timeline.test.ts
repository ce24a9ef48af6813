import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idrl } from '../../test/kit/videos-clip.ts';
import type { VideoStream } from '../../shared/task/media.ts';
import type { Packet } from './packet.ts';
import { planClips } from './timeline.ts';
import { Scanner, type PictureScan } from './timeline-scan.ts';
import { whatIsMissing, type Claims } from './truncated.ts';

const step = 1 / 30;

function packet(shown: number, more: Partial<Packet> = {}): Packet {
  return { stream: 0, shown, decoded: shown, duration: step, isKey: false, isHidden: false, ...more };
}

function scan(packets: Packet[]): PictureScan {
  const scanner = new Scanner(0, { seconds: 1000, pictures: 100_000 });
  for (const each of packets) scanner.add(each);
  return scanner.finish([{ index: 1 }]);
}

/** Pictures at a steady rate, a key picture every second. */
function steady(seconds: number): Packet[] {
  return Array.from({ length: seconds * 30 }, (_, index) => packet(index * step, { isKey: index % 30 === 0 }));
}

/** Of no importance where the profile has a rate of its own. */
const video = {} as VideoStream;

const claims: Claims = { container: 'mov,mp4', frames: 900, seconds: 30, sawEndMissing: false };
const matroska = { ...claims, container: 'matroska,webm', frames: null };

test('a source with all its pictures is whole', () => {
  assert.equal(whatIsMissing(scan(steady(30)), claims), null);
  assert.equal(whatIsMissing(scan(steady(29)), claims), null);
  assert.equal(whatIsMissing(scan(steady(30)), { ...claims, frames: null, seconds: null }), null);
});

test('pictures and time missing both: cut off', () => {
  assert.equal(whatIsMissing(scan(steady(2)), claims), '60 of 900 pictures, 2.000 of 30 s');
  assert.equal(whatIsMissing(scan(steady(2)), { ...matroska, sawEndMissing: true }), '60 of ? pictures, 2.000 of 30 s');
  assert.ok(whatIsMissing(scan(steady(2)), { ...claims, container: 'flv', frames: null }));
});

test('an edit list that hides pictures does not cut off', () => {
  // 900 pictures are stored, the header says that 5 s of them are shown.
  assert.equal(whatIsMissing(scan(steady(5)), { ...claims, seconds: 5 }), null);
});

test('pictures that are held do not cut off', () => {
  const held = scan([...steady(10), packet(29.9)]);
  assert.equal(whatIsMissing(held, { ...claims, frames: 301 }), null);
  // Matroska does not tell for how long the last one is held, but it tells of its own end.
  assert.equal(whatIsMissing(scan(steady(10)), matroska), null);
  // The sound goes on.
  const sound = packet(29.99, { stream: 1 });
  assert.equal(whatIsMissing(scan([...steady(10), sound]), { ...claims, container: 'flv', frames: null }), null);
});

test('a part knows its pictures and where to start decoding', () => {
  const pictures = scan(steady(45));
  const [first, second, third] = planClips(pictures, { seconds: 45, video }, idrl);
  assert.deepEqual([first?.pictures, second?.pictures, third?.pictures], [600, 600, 150]);
  assert.deepEqual([first?.first_picture_at, first?.seek_to], [0, null]);
  assert.deepEqual([second?.first_picture_at, second?.seek_to], [20, 20]);
  assert.equal(third?.last_picture_at, 44.966667);
});

test('a picture held through a part belongs to it', () => {
  const held = scan([packet(0, { isKey: true }), packet(10, { isKey: true }), packet(50, { isKey: true })]);
  const { ends_at } = held;
  const [, second] = planClips(held, { seconds: ends_at, video }, idrl);
  assert.equal(second?.pictures, 0);
  assert.deepEqual([second?.first_picture_at, second?.last_picture_at, second?.seek_to], [10, 10, 10]);
});

test('a seek never leads past the picture that is showing', () => {
  // The last key picture is decoded when the one before is shown: a search by decoding time would land on it.
  const keys = [
    packet(0, { isKey: true }),
    packet(5, { isKey: true }),
    packet(10, { isKey: true }),
    packet(25, { isKey: true, decoded: 10 }),
  ];
  const [, second] = planClips(scan(keys), { seconds: 30, video }, idrl);
  assert.deepEqual([second?.first_picture_at, second?.seek_to], [10, 5]);
});

test('pictures in decoding order come out in showing order, hidden ones not at all', () => {
  const stored = [packet(-0.1, { isHidden: true, isKey: true }), packet(0.1), packet(0, { decoded: -0.05 })];
  const { times, packets, ends_at } = scan(stored);
  assert.deepEqual([...times], [0, 0.1]);
  assert.equal(packets, 3);
  assert.equal(ends_at, 0.133333);
});

test('parts of a joined video whose key pictures are minutes apart are as long as that', () => {
  const whole = { ...idrl, join: 'mp4' as const, fps: 30, bumper: null };
  const keyed = (every: number) =>
    scan(Array.from({ length: 300 * 30 }, (_, at) => packet(at * step, { isKey: at % (every * 30) === 0 })));
  const lengths = (every: number) =>
    planClips(keyed(every), { seconds: 300, video }, whole).map(({ part }) => Math.round(part.end - part.start));
  assert.deepEqual(lengths(300), [300]);
  assert.deepEqual(
    lengths(10),
    Array.from({ length: 15 }, () => 20),
  );
  const again = planClips(keyed(60), { seconds: 300, video }, whole);
  const wasted = again.reduce((sum, { first_picture_at, seek_to }) => sum + first_picture_at - (seek_to ?? 0), 0);
  assert.ok(wasted < 100, `${wasted} s are decoded twice`);
  assert.deepEqual(
    again.map(({ part }) => part.number),
    again.map((_, at) => at + 1),
  );
});
