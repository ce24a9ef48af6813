import assert from 'node:assert/strict';
import { test } from 'node:test';
import { framing, uprightSize } from './frame.ts';

const crop = { fit: 'crop', max_width: 1920, max_height: 1080 } as const;
const pad = { fit: 'pad', width: 1280, height: 720 } as const;

function stored(width: number, height: number, rotation = 0, pixel_aspect = 1) {
  return { width, height, rotation, pixel_aspect };
}

/** `frame of scaled`, as `1920x1080 of 1920x1080`. */
function cropped(...args: Parameters<typeof stored>): string {
  const { frame, scaled } = framing(stored(...args), crop);
  return `${frame.width}x${frame.height} of ${scaled.width}x${scaled.height}`;
}

function padded(...args: Parameters<typeof stored>): string {
  const { frame, scaled } = framing(stored(...args), pad);
  return `${scaled.width}x${scaled.height} in ${frame.width}x${frame.height}`;
}

test('cropping takes the largest widescreen frame, and never enlarges', () => {
  assert.equal(cropped(1920, 1080), '1920x1080 of 1920x1080');
  assert.equal(cropped(3840, 2160), '1920x1080 of 1920x1080');
  assert.equal(cropped(640, 360), '640x360 of 640x360');
  assert.equal(cropped(1440, 1080), '1440x810 of 1440x1080');
  assert.equal(cropped(4096, 3072), '1920x1080 of 1920x1440');
  assert.equal(cropped(2560, 1080), '1920x1080 of 2560x1080');
  assert.equal(cropped(1080, 1920), '1080x608 of 1080x1920');
});

test('odd and tiny sizes become even, inside the picture', () => {
  assert.equal(cropped(853, 481), '852x480 of 853x481');
  assert.equal(cropped(1919, 1079), '1918x1078 of 1919x1079');
  assert.equal(cropped(17, 9), '16x8 of 17x9');
  assert.equal(cropped(1, 1), '2x2 of 2x2');
});

test('a rotated picture is framed as it stands upright', () => {
  assert.equal(cropped(1920, 1080, 90), '1080x608 of 1080x1920');
  assert.equal(cropped(1080, 1920, 270), '1920x1080 of 1920x1080');
  assert.equal(cropped(1920, 1080, 180), '1920x1080 of 1920x1080');
});

test('pixels that are not square: the smaller side keeps its pixels', () => {
  assert.deepEqual(uprightSize(stored(1440, 1080, 0, 4 / 3)), { width: 1920, height: 1080 });
  assert.deepEqual(uprightSize(stored(720, 576, 0, 16 / 15)), { width: 768, height: 576 });
  assert.deepEqual(uprightSize(stored(720, 480, 0, 8 / 9)), { width: 640, height: 480 });
  assert.deepEqual(uprightSize(stored(1440, 1080, 90, 4 / 3)), { width: 1080, height: 1920 });
  assert.equal(cropped(1440, 1080, 0, 4 / 3), '1920x1080 of 1920x1080');
});

test('padding keeps the whole picture', () => {
  assert.equal(padded(1920, 1080), '1280x720 in 1280x720');
  assert.equal(padded(640, 480), '960x720 in 1280x720');
  assert.equal(padded(1080, 1920), '406x720 in 1280x720');
  assert.equal(padded(2560, 1080), '1280x540 in 1280x720');
  assert.equal(padded(320, 180), '1280x720 in 1280x720');
});

test('over all sizes: even, inside the picture, and stretched by no more than rounding', () => {
  for (let width = 2; width < 4000; width = Math.ceil(width * 1.13)) {
    for (let height = 2; height < 4000; height = Math.ceil(height * 1.17)) {
      const { frame, scaled } = framing(stored(width, height), crop);
      const what = `${width}x${height} → ${JSON.stringify({ frame, scaled })}`;
      assert.ok(frame.width % 2 === 0 && frame.height % 2 === 0, what);
      assert.ok(frame.width <= scaled.width && frame.height <= scaled.height, what);
      assert.ok(scaled.width <= width && scaled.height <= height, `${what}: enlarged`);
      assert.ok(frame.width <= 1920 && frame.height <= 1080, what);
      const [across, down] = [scaled.width / width, scaled.height / height];
      assert.ok(Math.abs(across - down) <= 1 / Math.min(width, height), `${what}: stretched`);
    }
  }
});
