import assert from 'node:assert/strict';
import test from 'node:test';
import { parsePostmasterFile } from './postmaster.ts';

const whole = '7482\n/tmp/d\n1795247809\n45555\n\n127.0.0.1\n  2146334        12\nready   \n';

test('postmaster.pid gives process, port and status', () => {
  assert.deepEqual(parsePostmasterFile(whole), { pid: 7482, port: 45_555, status: 'ready' });
});

test('a file that is being written gives what is there', () => {
  assert.deepEqual(parsePostmasterFile('7482\n/tmp/d\n'), { pid: 7482, port: undefined, status: '' });
  assert.equal(parsePostmasterFile(''), undefined);
  assert.equal(parsePostmasterFile('rubbish\n'), undefined);
});
