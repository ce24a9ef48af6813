import { Problem } from '../../shared/task/problem.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Tools } from '../ffmpeg/tools.ts';

/** What is decoded of a file, by the numbers of its streams. */
export interface Wanted {
  container: string;
  picture: number | null;
  sound: number | null;
}

const wallSeconds = 20;
const allowance = { memory: 4 * 2 ** 30, cpuSeconds: 2 * wallSeconds, fileSize: 0 };

/**
 * Decodes a first picture, and a first piece of sound, as the clips will: what this FFmpeg lacks a decoder for, what is
 * encrypted and what is too large is found out before any part is encoded.
 * @returns null where both came, else what FFmpeg said
 * @throws Problem internal, and the signal's reason when aborted
 */
export async function whyNotDecoded(
  path: string,
  wanted: Wanted,
  { tools, signal }: { tools: Tools; signal: AbortSignal },
): Promise<string | null> {
  let pictures = 0;
  const onFrames = (frames: number) => (pictures = Math.max(pictures, frames));
  try {
    await runFfmpeg(firstOf(path, wanted), { tools, signal, wallSeconds, allowance, onFrames });
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'internal') throw error;
    // With a picture there, only the sound was waited for: it begins late, which is no fault.
    if (error.code !== 'step_timeout' || pictures === 0) return error.detail ?? error.code;
  }
  return wanted.picture !== null && pictures === 0 ? 'no picture comes out' : null;
}

/** Ended by filters: FFmpeg 7 takes `-frames:a 1` as the end of the pictures too, even before the first of them. */
function firstOf(path: string, { container, picture, sound }: Wanted): Command {
  const filters = [
    ...(picture === null ? [] : [`[0:${picture}]trim=end_frame=1[picture]`]),
    // Its first channel alone: what becomes of the others is not decided yet.
    ...(sound === null ? [] : [`[0:${sound}]pan=mono|c0=c0,atrim=end_sample=1[sound]`]),
  ];
  return {
    inputs: [
      {
        address: fileAddress(path),
        options: ['-threads', '1', '-noautorotate', '-max_error_rate', '1', ...userFileFlags(container)],
      },
    ],
    filters,
    options: [
      ...[...(picture === null ? [] : ['-map', '[picture]']), ...(sound === null ? [] : ['-map', '[sound]'])],
      ...['-threads', '1', '-f', 'null'],
    ],
    output: '-',
  };
}
