import type { Parts } from '../shared/parts.ts';
import type { Tools } from './ffmpeg/tools.ts';
import type { SourceCache } from './clip/source-cache.ts';

/** What the work on a step may use. */
export interface StepContext extends Omit<Parts, 'address'> {
  tools: Tools;
  sources: SourceCache;
  /** A folder of this step alone, removed when it ends. */
  folder: string;
  /** Aborts when the step is lost or the worker stops. */
  signal: AbortSignal;
  progress: (fraction: number) => void;
  /** Told the key of each file that is about to be stored. */
  onStoring: (key: string) => void;
  /** How many threads an FFmpeg that starts now may use. */
  threads: () => Promise<number>;
  /** What is left to do needs no processor to speak of: the next step may have the slot. */
  leaveSlot: () => void;
  /** Waits for the network; should that last, the next step has the slot meanwhile. */
  withoutSlot: <T>(waiting: () => Promise<T>) => Promise<T>;
}
