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
export function filesOf({ inputs, output, alsoReads = [] }: Command): Files {
  return {
    reads: [
      ...inputs.flatMap(({ address }) => (address.startsWith(scheme) ? [address.slice(scheme.length)] : [])),
      ...alsoReads,
    ],
    writes: output.startsWith(scheme) ? path.dirname(output.slice(scheme.length)) : null,
  };
}
