import type { Box } from './measure.ts';
import type { Shown } from './truth.ts';

export const profileNames = ['idrl', 'whole', 'hls'] as const;
export type ProfileName = (typeof profileNames)[number];

/** A kind of footage: how to make one, and what is right. */
export interface Case {
  name: string;
  make: () => Promise<string>;
  expect: Made | Refused;
  /** `all`: dear enough to be made by each of the three in every run. Else one of them, by turns. */
  profiles?: 'all' | ProfileName[];
  /** Much like another: only made where every case is. */
  rare?: true;
  /** Changes the profile, for example to shorter parts. */
  change?: Record<string, unknown>;
  /** Further fields of POST /tasks. */
  more?: Record<string, unknown>;
}

export interface Refused {
  /** Its code. */
  refused: RegExp;
  /** What its words have to name. */
  words?: RegExp;
}

export interface Made {
  /** Length of the source: the longer of pictures and sound; `read` as below. */
  seconds: number | 'read';
  /** Pictures a second of `whole` and `hls`: the source's own, 60 at most; two numbers are bounds of what is right. */
  fps: number | [least: number, most: number];
  /** What is shown when; `read` takes it from the source itself, by decoding it, for one that was cut off; null: a still. */
  pictures: Shown[] | 'read' | null;
  /** When beeps begin; `read` as above; null has no sound; `any` is not looked at. */
  beeps: number[] | 'read' | 'any' | null;
  /** Channels that have beeps of their own. */
  left?: number[];
  right?: number[];
  /** There is sound, and it is silent. */
  silent?: boolean;
  /** Places that a picture of `whole` and `hls` may be off: a source of variable rate. */
  slack?: number;
  /** Not every number has to come: a source of more than 60 pictures a second. */
  thinned?: boolean;
  /** Pictures at the end that may be there or not: what a cut or a wrong time stamp has hit. */
  ragged?: number;
  /** A disc is drawn, and stays one. */
  disc?: boolean;
  /** From a time on, pictures stand in a part of the frame. */
  boxed?: { from: number; box: Partial<Record<ProfileName, Box>> };
  /** Name of a case whose pictures have as little combing, and of one that has the very same. */
  combLike?: string;
  sameAs?: string;
  /** Integrated loudness of the output in LUFS, or that of the source. */
  lufs?: number | 'source';
  /** Codes of warnings that have to come, and of those that may. No other may. */
  warns?: string[];
  mayWarn?: string[];
  /** What the task says of the source, as far as it is named here. */
  media?: Record<string, unknown>;
  /** Width and height of `whole`. */
  size?: [number, number];
}
