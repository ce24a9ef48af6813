import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeClips, idrl } from '../../test/kit/videos-clip.ts';
import { altered, sample } from '../../test/kit/videos.ts';
import { apertureOf, entryOf } from './mp4-index.ts';

function box(type: string, ...content: Buffer[]): Buffer {
  const head = Buffer.alloc(8, type.padStart(8), 'latin1');
  const bytes = Buffer.concat([head, ...content]);
  bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => bytes.writeInt32BE(value, 4 * at));
  return bytes;
}

function index(...clap: number[]): Buffer {
  const entry = Buffer.alloc(78);
  entry.writeUInt16BE(720, 24);
  entry.writeUInt16BE(576, 26);
  const described = box('stsd', numbers(0, 1), box('apcn', entry, box('clap', numbers(...clap))));
  return box('trak', box('mdia', box('minf', box('stbl', described))));
}

function apertureIn(moov: Buffer, track: number) {
  const entry = entryOf(moov, track);
  return entry && apertureOf(entry.content, { width: 720, height: 576 });
}

test('what is meant to be seen lies about the middle', () => {
  const seen = { x: 8, y: 0, width: 704, height: 576 };
  assert.deepEqual(apertureIn(index(704, 1, 576, 1, 0, 1, 0, 1), 0), seen);
  assert.deepEqual(apertureIn(index(704, 1, 576, 1, -8, 2, 0, 1), 0), { ...seen, x: 4 });
  assert.equal(apertureIn(index(720, 1, 576, 1, 0, 1, 0, 1), 0), null);
  assert.equal(apertureIn(index(704, 1, 576, 1, 0, 1, 0, 1), 1), null);
});

test('what is not as it should be is not looked at', () => {
  for (const clap of [
    [800, 1, 576, 1, 0, 1, 0, 1],
    [704, 0, 576, 1, 0, 1, 0, 1],
    [704, 1, 576, 1, 99, 1, 0, 1],
    [704],
    [],
  ]) {
    assert.equal(apertureIn(index(...clap), 0), null);
  }
  const whole = index(704, 1, 576, 1, 0, 1, 0, 1);
  for (let length = 0; length < whole.length; length++) apertureIn(whole.subarray(0, length), 0);
});

test('edges that were never meant to be seen are cut off', async (t) => {
  // A white frame round a black picture; the whole of what is inside is 16:9.
  const drawn = await sample({ seconds: 0.5, width: 352, height: 180, options: ['-movflags', '+faststart'] });
  const source = await altered('with a clean aperture of 320', [drawn], withAperture);
  const { media, clips } = await makeClips(t, source, { ...idrl, bumper: null });
  assert.deepEqual(media.video.aperture, { x: 16, y: 0, width: 320, height: 180 });
  assert.deepEqual([clips[0]?.clip.width, clips[0]?.clip.height], [320, 180]);
});

/** Puts `clap` in place of the `pasp` and `btrt` boxes that the muxer wrote: they have the same length together. */
function withAperture(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const at = changed.indexOf('pasp') - 4;
  const clap = box('clap', numbers(320, 1, 180, 1, 0, 1, 0, 1));
  const room = changed.readUInt32BE(at) + changed.readUInt32BE(at + changed.readUInt32BE(at));
  // 16 and 20 bytes: what is left over is too short for a box, and so is not there for anybody.
  assert.ok(room >= clap.length - 4);
  return spliced(changed, at, room, clap);
}

/** Replaces bytes in the index and makes the boxes round them as much longer. */
function spliced(bytes: Buffer, at: number, length: number, by: Buffer): Buffer {
  const more = by.length - length;
  for (const type of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'avc1']) {
    const head = bytes.indexOf(type, bytes.indexOf('moov')) - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(head) + more, head);
  }
  // The samples move along with it.
  const made = Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + length)]);
  for (let stco = made.indexOf('stco'); stco !== -1; stco = made.indexOf('stco', stco + 4)) {
    for (let entry = 0; entry < made.readUInt32BE(stco + 8); entry++) {
      made.writeUInt32BE(made.readUInt32BE(stco + 12 + 4 * entry) + more, stco + 12 + 4 * entry);
    }
  }
  return made;
}
