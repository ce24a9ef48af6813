import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confine, dieWithParentLayer, limitLayer } from './sandbox.ts';

const allowance = { memory: 2 ** 31, cpuSeconds: 59.2, fileSize: 1000 };

test('layers stand before the command, the first one outermost', () => {
  const layers = [limitLayer('/usr/bin/prlimit'), dieWithParentLayer('/usr/bin/setpriv')];
  assert.deepEqual(confine('/usr/bin/ffmpeg', ['-version'], layers, allowance), {
    command: '/usr/bin/prlimit',
    args: [
      ...['--as=2147483648', '--cpu=60', '--fsize=1000', '--nofile=256', '--core=0', '--'],
      ...['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--no-new-privs', '--'],
      ...['/usr/bin/ffmpeg', '-version'],
    ],
  });
});

test('without layers the command stays as it is', () => {
  assert.deepEqual(confine('ffmpeg', ['-version'], [], allowance), { command: 'ffmpeg', args: ['-version'] });
});
