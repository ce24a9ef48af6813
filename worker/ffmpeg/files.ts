import path from 'node:path';
import type { Command } from './command.ts';

/** The files of one run. FFmpeg has no business with any other. */
export interface Files {
  reads: readonly string[];
  /** The folder that it may write to, which belongs to this run alone; null where it writes nothing. */
  writes: string | null;
}

const scheme = 'file:';

/** Which files a command is about: what it says itself, of addresses that are local files. Pure. */
export function filesOf({ inputs, output, more = [], alsoReads = [] }: Command): Files {
  const written = [output, ...more.map((one) => one.output)].find((address) => address.startsWith(scheme));
  return {
    reads: [
      ...inputs.flatMap(({ address }) => (address.startsWith(scheme) ? [address.slice(scheme.length)] : [])),
      ...alsoReads,
    ],
    writes: written === undefined ? null : path.dirname(written.slice(scheme.length)),
  };
}
