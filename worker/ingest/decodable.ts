import type { AudioStream, VideoStream } from '../../shared/task/media.ts';
import { Problem } from '../../shared/task/problem.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Tools } from '../ffmpeg/tools.ts';

/** What has to be known of a file before. */
interface Streams {
  container: string;
  video: Pick<VideoStream, 'index' | 'codec'>;
  audio: Pick<AudioStream, 'index' | 'codec'> | null;
}

const wallSeconds = 20;
const allowance = { memory: 4 * 2 ** 30, cpuSeconds: 2 * wallSeconds, fileSize: 0 };

/**
 * Decodes a first picture, and a first piece of sound, as the clips will: what this FFmpeg lacks a decoder for, what is
 * encrypted and what is too large is found out before any part is encoded.
 * @throws Problem source_unsupported
 */
export async function checkDecodable(
  path: string,
  media: Streams,
  { tools, signal }: { tools: Tools; signal: AbortSignal },
): Promise<void> {
  let pictures = 0;
  const onFrames = (frames: number) => (pictures = Math.max(pictures, frames));
  try {
    await runFfmpeg(firstPicture(path, media), { tools, signal, wallSeconds, allowance, onFrames });
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'internal') throw error;
    // With a picture there, only the sound was waited for: it begins late, which is no fault.
    if (error.code !== 'step_timeout' || pictures === 0) throw unsupported(media, error.detail);
  }
  if (pictures === 0) throw unsupported(media, 'no picture comes out');
}

/** Ended by filters: FFmpeg 7 takes `-frames:a 1` as the end of the pictures too, even before the first of them. */
function firstPicture(path: string, { container, video, audio }: Streams): Command {
  const sound = audio ? [`[0:${audio.index}]atrim=end_sample=1[sound]`] : [];
  const flags = userFileFlags(container);
  return {
    inputs: [{ address: fileAddress(path), options: ['-threads', '1', '-max_error_rate', '1', ...flags] }],
    filters: [`[0:${video.index}]trim=end_frame=1[picture]`, ...sound],
    options: ['-map', '[picture]', ...(audio ? ['-map', '[sound]'] : []), '-threads', '1', '-f', 'null'],
    output: '-',
  };
}

function unsupported({ container, video, audio }: Streams, said = ''): Problem {
  return new Problem('source_unsupported', `${video.codec} and ${audio?.codec ?? 'no sound'} in ${container}: ${said}`);
}
