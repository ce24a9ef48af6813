import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLine, Tail } from './output.ts';

test('progress is told from messages, as both FFmpeg 5 and 7 print it', () => {
  const five = 'frame=  528 fps=0.0 q=26.0 Lsize=      59kB time=00:00:00.14 bitrate=3439.3kbits/s speed=0.425x    ';
  const seven = 'frame=   12 fps= 11 q=-1.0 size=       0KiB time=N/A bitrate=N/A speed=N/A';
  assert.deepEqual(readLine(five), { kind: 'progress', frames: 528 });
  assert.deepEqual(readLine(seven), { kind: 'progress', frames: 12 });
  assert.deepEqual(readLine('[h264 @ 0x1] error '), { kind: 'message', text: '[h264 @ 0x1] error' });
  assert.equal(readLine('  '), null);
});

test('what a run took of the processor is read, and messages that are no errors are not', () => {
  assert.deepEqual(readLine('[info] bench: utime=1.250s stime=0.250s rtime=0.9s'), { kind: 'spent', cpuSeconds: 1.5 });
  assert.deepEqual(readLine('[info] frame=   75 fps=0.0 q=-1.0 Lsize='), { kind: 'progress', frames: 75 });
  assert.equal(readLine('[libx264 @ 0x56358cca3700] [info] profile High, level 3.0'), null);
  const error = { kind: 'message', text: '[mp4 @ 0x5f] No space left' };
  assert.deepEqual(readLine('[mp4 @ 0x5f] [error] No space left'), error);
  assert.deepEqual(readLine('bwrap: no such folder'), { kind: 'message', text: 'bwrap: no such folder' });
});

test('what a video says of itself passes for nothing that FFmpeg says', () => {
  for (const said of [
    'frame=  9 fps=0.0 q=0 ',
    'bench: utime=9.0s stime=9.0s',
    '[error] Error while decoding stream #0:0',
  ])
    assert.equal(readLine(`[info]     ${said}`), null);
});

test('a packet that does not decode is told from other errors, as both FFmpegs print it', () => {
  const isPicture = (line: string) => {
    const read = readLine(line);
    return read?.kind === 'damage' ? read.isPicture : read?.kind;
  };
  const reason = 'Invalid data found when processing input';
  assert.equal(isPicture(`Error while decoding stream #0:0: ${reason}`), true);
  assert.equal(isPicture(`Error while decoding stream #1:1: ${reason}`), 'message');
  const seven = (kind: string) =>
    `[${kind}ist#0:0/h264 @ 0x5] [dec:h264 @ 0x5] Error submitting packet to decoder: ${reason}`;
  assert.equal(isPicture(seven('v')), true);
  assert.equal(isPicture(seven('a')), false);
  assert.equal(isPicture('[h264 @ 0x55] Error splitting the input into NAL units.'), 'message');
});

test('the tail keeps the last lines and no line at full length', () => {
  const tail = new Tail(2);
  for (const line of ['one', 'two', 'x'.repeat(5000)]) tail.add(line);
  assert.equal(String(tail), `two\n${'x'.repeat(299)}…`);
});
