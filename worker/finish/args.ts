import { fpsOf, ticksOf } from '../../shared/task/rate.ts';
import type { Grid } from '../../shared/task/grid.ts';
import { plainOptions } from '../clip/args.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress } from '../ffmpeg/input.ts';

/** The commands that make one of many, without encoding anything anew but small pictures. Pure. */

/** What is joined, as FFmpeg's concat demuxer reads it. @param parts paths of our own */
export function partList(parts: readonly string[]): string {
  return ['ffconcat version 1.0', ...parts.map((part) => `file 'file:${part}'`), ''].join('\n');
}

/** @param sound path of the whole's sound; null for none */
export interface Joining {
  list: string;
  parts: readonly string[];
  sound: string | null;
  grid: Grid;
  to: string;
}

/** All parts and the sound as one clip. */
export function wholeCommand({ sound, ...joining }: Joining): Command {
  const pictures = joined(joining);
  const heard = sound === null ? [] : [{ address: fileAddress(sound), options: ['-protocol_whitelist', 'file'] }];
  return {
    ...pictures,
    inputs: [...pictures.inputs, ...heard],
    options: [
      ...['-map', '0:v:0', ...(sound === null ? [] : ['-map', '1:a:0'])],
      ...[...pictures.options, '-movflags', '+faststart', '-f', 'mp4'],
    ],
  };
}

/** The pictures of one size of a stream: one file, that can be fetched by segments. */
export function renditionCommand(joining: Omit<Joining, 'sound'>): Command {
  const pictures = joined(joining);
  const fragments = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+skip_trailer'];
  return { ...pictures, options: ['-map', '0:v:0', ...pictures.options, ...fragments, '-f', 'mp4'] };
}

/** The sound of a stream, in fragments about as long as those of the pictures. */
export function soundTrackCommand({ sound, grid, to }: { sound: string; grid: Grid; to: string }): Command {
  const seconds = grid.segment / fpsOf(grid.rate);
  return {
    inputs: [{ address: fileAddress(sound), options: ['-protocol_whitelist', 'file'] }],
    filters: [],
    options: [
      ...['-map', '0:a:0', '-c', 'copy', '-avoid_negative_ts', 'make_zero', ...plainOptions],
      ...[
        '-movflags',
        '+empty_moov+default_base_moof+skip_trailer',
        '-frag_duration',
        `${Math.round(seconds * 1e6)}`,
        '-f',
        'mp4',
      ],
    ],
    output: fileAddress(to),
  };
}

/** Lengths of parts are told in microseconds; every time stamp goes back to the grid that it was on. */
function joined({ list, parts, grid, to }: Omit<Joining, 'sound'>) {
  const { timescale, ticks } = ticksOf(grid.rate);
  return {
    inputs: [{ address: fileAddress(list), options: ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file'] }],
    filters: [],
    options: [
      ...['-c', 'copy', '-bsf:v', `setts=pts=round(PTS/${ticks})*${ticks}:dts=round(DTS/${ticks})*${ticks}`],
      ...[...plainOptions, '-video_track_timescale', `${timescale}`],
    ],
    output: fileAddress(to),
    alsoReads: [...parts],
  };
}
