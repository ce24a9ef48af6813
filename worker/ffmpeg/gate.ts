import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';

/**
 * Before the sandbox is built, its processes say that they would end with the worker, and wait for its word. A worker
 * killed before it gives that word is heard hanging up. One killed later takes them along.
 */
export const gateScript = 'echo >&3 && read -r go <&3 && exec "$@" 3>&-';

/** What a program under layers is started with besides its own streams: the line that the gate is on. */
export const gateLine = 'pipe';

/** Gives the word, once it is asked for. @param child started with `gateLine` as its fourth stream */
export function keepGate(child: ChildProcess): void {
  const line = child.stdio[3] as Duplex | null | undefined;
  // It ends with the program, however that ends.
  line?.on('error', () => undefined).once('data', () => line.end('go\n'));
}
