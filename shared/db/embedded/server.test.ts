import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { freshFolder } from '../../../test/kit/folder.ts';
import { prepareLog, tailOf } from './server-log.ts';
import { whyItEnded } from './server.ts';

test('why a server did not start is read from its log', () => {
  const bind = 'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use';
  const locked = 'FATAL:  lock file "postmaster.pid" already exists';
  const memory = 'FATAL:  pre-existing shared memory block (key 2146334, ID 12) is still in use';
  const other = 'FATAL:  database files are incompatible with server';
  assert.deepEqual([bind, locked, memory, other].map(whyItEnded), [
    ...['port taken', 'folder taken', 'folder taken', 'failed'],
  ]);
});

test('of the log only the end of what was written since is shown', async (t) => {
  const folder = await freshFolder(t);
  const file = path.join(folder, 'postgres.log');
  await writeFile(file, 'yesterday\n');
  const log = await prepareLog(folder);
  assert.equal(await tailOf(log), '');
  await writeFile(file, 'today, at length\n', { flag: 'a' });
  assert.equal(await tailOf(log), 'today, at length\n');
  assert.equal(await tailOf(log, 7), 'length\n');
});

test('a log beyond 10 MB begins anew', async (t) => {
  const folder = await freshFolder(t);
  const file = path.join(folder, 'postgres.log');
  await writeFile(file, Buffer.alloc(10 * 1024 * 1024));
  await prepareLog(folder);
  assert.equal((await stat(file)).size, 10 * 1024 * 1024);
  await writeFile(file, 'one more', { flag: 'a' });
  await prepareLog(folder);
  assert.equal(await readFile(file, 'utf8'), '');
});
