import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bwrapLayer } from './bwrap-layer.ts';
import { filesOf } from './files.ts';
import { confine, dieWithParentLayer, limitLayer } from './sandbox.ts';
import { userLayer } from './user-layer.ts';

const allowance = { memory: 2 ** 31, cpuSeconds: 59.2, fileSize: 1000 };
const nothing = { reads: [], writes: null };

test('layers stand before the command, the first one outermost', () => {
  const setpriv = '/usr/bin/setpriv';
  const layers = [
    limitLayer('/usr/bin/prlimit'),
    userLayer(setpriv),
    dieWithParentLayer({ setpriv, sh: '/bin/sh' }, 42),
  ];
  assert.deepEqual(confine('/usr/bin/ffmpeg', ['-version'], layers, { allowance, files: nothing }), {
    command: '/usr/bin/prlimit',
    args: [
      ...['--as=2147483648', '--cpu=60', '--fsize=1000', '--nofile=256', '--core=0', '--'],
      ...[setpriv, '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all', '--'],
      ...[setpriv, '--pdeathsig', 'KILL', '--no-new-privs', '--'],
      ...['/bin/sh', '-c', 'test "$PPID" = "$0" && exec "$@"', '42'],
      ...['/usr/bin/ffmpeg', '-version'],
    ],
  });
});

test('the sandbox holds the program, what is read, and the one folder that is written to', () => {
  const layer = bwrapLayer({ unshare: '/usr/bin/unshare', sh: '/bin/sh', bwrap: '/usr/bin/bwrap' }, ['/opt/ffmpeg']);
  const args = layer.prefix({ allowance, files: { reads: ['/work/source', '/images/a.png'], writes: '/work/out' } });
  const places = args.flatMap((arg, index) => (/bind/.test(arg) ? [[arg, args[index + 1], args[index + 2]]] : []));
  assert.deepEqual(places, [
    ['--ro-bind-try', '/opt/ffmpeg', '/opt/ffmpeg'],
    ['--bind', '/work/out', '/work/out'],
    ['--ro-bind-try', '/work/source', '/work/source'],
    ['--ro-bind-try', '/images/a.png', '/images/a.png'],
  ]);
  assert.ok(!layer.prefix({ allowance, files: nothing }).includes('--bind'), 'a run without output writes nowhere');
});

test('without layers the command stays as it is', () => {
  const files = nothing;
  assert.deepEqual(confine('ffmpeg', ['-version'], [], { allowance, files }), {
    command: 'ffmpeg',
    args: ['-version'],
  });
});

test('what a command reads and writes is what its addresses say', () => {
  const input = (address: string) => ({ address, options: [] });
  const command = {
    inputs: [input('file:/work/a source'), input('testsrc=s=64x64'), input('file:/images/a.png')],
    ...{ filters: [], options: [], output: 'file:/work/out/clip.mp4' },
  };
  assert.deepEqual(filesOf(command), { reads: ['/work/a source', '/images/a.png'], writes: '/work/out' });
  assert.equal(filesOf({ ...command, output: '-' }).writes, null);
});
