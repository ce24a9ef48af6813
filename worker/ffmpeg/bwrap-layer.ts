import { gateScript } from './gate.ts';
import type { Layer } from './sandbox.ts';

/**
 * A file system that holds the program, what the run reads, and the folder that it writes to; no network, no other
 * process, no right to get any of it back.
 *
 * bwrap alone leaves its inner process behind when it is killed while that is still building the sandbox. So `unshare`
 * makes the space of processes round it: whatever is in there ends with its first one, at any moment. Only that one, and
 * while it has not yet said that it ends with its parent, has to be waited for: see `gate.ts`.
 * Nothing is writable but the output folder: the rest would be memory that no limit counts. There is no /proc: FFmpeg
 * needs none, and containers often forbid to mount one.
 *
 * @param programs paths of util-linux's `unshare`, of `sh` and of bubblewrap's `bwrap`
 * @param needed what the programs consist of: files and folders
 */
export function bwrapLayer(
  { unshare, sh, bwrap }: { unshare: string; sh: string; bwrap: string },
  needed: readonly string[],
): Layer {
  const sandbox = [
    ...[unshare, '--user', '--map-current-user', '--pid', '--fork', '--kill-child', '--'],
    ...[sh, '-c', gateScript, 'gate'],
    ...[bwrap, '--unshare-user', '--unshare-ipc', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...needed.flatMap((place) => ['--ro-bind-try', place, place]),
    ...['--dev', '/dev', '--remount-ro', '/dev'],
  ];
  return {
    name: 'bwrap',
    gives: 'a sandbox: it sees what its user may read, and the network',
    remedy:
      'install bubblewrap, and allow user namespaces (in a container: by its seccomp and AppArmor profiles; see docs/deploy.md)',
    prefix: ({ files: { reads, writes } }) => [
      ...sandbox,
      // The folder first: a source in it stays read-only.
      ...(writes === null ? [] : ['--bind', writes, writes]),
      ...reads.flatMap((file) => ['--ro-bind-try', file, file]),
      ...['--remount-ro', '/', '--chdir', '/', '--'],
    ],
  };
}
