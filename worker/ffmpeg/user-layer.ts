import { chmod, chown, stat } from 'node:fs/promises';
import type { Files } from './files.ts';
import type { Layer } from './sandbox.ts';

/** Nobody, on every Linux. */
export const nobody = { uid: 65_534, gid: 65_534 };

/**
 * Another user than root, in no group. What it has to read is opened to its group, and the output folder becomes its own.
 * @param program path of util-linux's `setpriv`
 */
export function userLayer(program: string): Layer {
  const { uid, gid } = nobody;
  return {
    name: 'user',
    gives: 'a user without rights: it runs as root',
    remedy:
      'run the worker as an ordinary user, or let user 65534 enter the folders above WORK_DIR and above FFmpeg (chmod o+x)',
    prefix: () => [program, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--inh-caps=-all', '--'],
    prepare: lend,
  };
}

async function lend({ reads, writes }: Files): Promise<void> {
  for (const file of reads) await openToGroup(file);
  if (writes !== null) await chown(writes, nobody.uid, nobody.gid);
}

/** Only where it is closed: the images of profiles are for everybody, and not ours to change. */
async function openToGroup(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    // FFmpeg says better what that means.
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!found || found.mode & 0o004 || found.uid === nobody.uid) return;
  if (found.gid === nobody.gid && found.mode & 0o040) return;
  await chown(file, found.uid, nobody.gid);
  await chmod(file, (found.mode & 0o777) | 0o040);
}
