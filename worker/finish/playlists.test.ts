import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masterPlaylist, type Picture, type Sound } from './playlists.ts';

/** @param kilobits of each segment, and its seconds */
function track(segments: [kilobits: number, seconds: number][]): Picture['track'] {
  const of = ([kilobits, seconds]: [number, number]) => ({ start: 0, bytes: kilobits * 125, seconds, firstBytes: 1 });
  return { head: Buffer.alloc(1), segments: segments.map(of) };
}

function declared(segments: [kilobits: number, seconds: number][]): { peak: number; mean: number } {
  const picture = { name: '360', width: 640, height: 360, codec: 'avc1.64001e', track: track(segments) };
  const found = /STREAM-INF:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+)/.exec(masterPlaylist([picture], null, 25));
  return { peak: Number(found?.[1]), mean: Number(found?.[2]) };
}

test('the bandwidth of a stream is that of its largest stretch, wherever it is', () => {
  assert.deepEqual(declared([[400, 4], [800, 4], [3900, 3.9]]), { peak: 1_000_000, mean: 428_572 }); // prettier-ignore
  assert.deepEqual(declared([[800, 4], [400, 4]]), { peak: 200_000, mean: 150_000 }); // prettier-ignore
});

test('a last segment of a few pictures is judged with the one before it', () => {
  assert.deepEqual(declared([[400, 4], [400, 4], [500, 0.5]]), { peak: 200_000, mean: 152_942 }); // prettier-ignore
  assert.deepEqual(declared([[100, 0.5]]), { peak: 200_000, mean: 200_000 });
});

test('a stream says how many channels its sound has', () => {
  const sound: Sound = { name: 'sound', channels: 1, track: track([[100, 4]]) };
  assert.match(masterPlaylist([], sound, 25), /TYPE=AUDIO,.*CHANNELS="1",URI="sound\.m3u8"/);
});
