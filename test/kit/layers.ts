import type { Layer } from '../../worker/ffmpeg/sandbox.ts';
import { tools } from './videos.ts';

/** Reason for skipping what needs the sandbox, or false: many containers forbid user namespaces. */
export const withoutBwrap = tools.layers.some(({ name }) => name === 'bwrap')
  ? false
  : 'bubblewrap does not work here: install it, and allow user namespaces';

/** Reason for skipping what needs another user, or false. */
export const withoutRoot = process.getuid?.() === 0 ? false : 'only root can start FFmpeg as another user';

/** The layers of this machine but one, to see that it is that one which stops something. */
export function without(name: string): Layer[] {
  return tools.layers.filter((layer) => layer.name !== name);
}

/** Every choice of these, in their order. */
export function choices<T>(from: readonly T[]): T[][] {
  return from.reduce<T[][]>((chosen, one) => [...chosen, ...chosen.map((some) => [...some, one])], [[]]);
}
