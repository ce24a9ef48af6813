import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { Problem } from '../../shared/task/problem.ts';
import { readJson } from '../ffmpeg/ffprobe.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import type { Reading } from './verify.ts';

const entries = [
  'stream=codec_type,codec_name,width,height,pix_fmt,avg_frame_rate,nb_read_packets,channels,sample_rate,duration',
  'format=duration',
].join(':');

const number = z.coerce.number();
const answer = z.object({
  format: z.object({ duration: number }),
  streams: z.array(
    z.discriminatedUnion('codec_type', [
      z.object({
        codec_type: z.literal('video'),
        codec_name: z.string(),
        width: number,
        height: number,
        pix_fmt: z.string(),
        avg_frame_rate: z.string(),
        nb_read_packets: number,
      }),
      z.object({
        codec_type: z.literal('audio'),
        codec_name: z.string(),
        channels: number,
        sample_rate: number,
        duration: number,
      }),
    ]),
  ),
});

/**
 * Reads a clip back from its file; its pictures are counted from the packets that are really there, not by its header.
 * @throws Problem clip_wrong when it is no clip at all
 */
export async function readClip(
  path: string,
  { tools, signal }: { tools: Tools; signal: AbortSignal },
): Promise<Reading> {
  const { json, said } = await readJson(path, ['-count_packets', '-show_entries', entries], {
    tools,
    signal,
    seconds: 60,
    container: 'mov',
  });
  const { data, error } = answer.safeParse(json);
  if (!data) throw new Problem('clip_wrong', `the clip cannot be read: ${said || error.message}`);
  const video = data.streams.find((stream) => stream.codec_type === 'video');
  const audio = data.streams.find((stream) => stream.codec_type === 'audio');
  return {
    bytes: (await stat(path)).size,
    seconds: data.format.duration,
    video: video
      ? {
          codec: video.codec_name,
          frames: video.nb_read_packets,
          width: video.width,
          height: video.height,
          pixelFormat: video.pix_fmt,
          fps: ratio(video.avg_frame_rate),
        }
      : null,
    audio: audio
      ? {
          codec: audio.codec_name,
          channels: audio.channels,
          sampleRate: audio.sample_rate,
          seconds: audio.duration,
        }
      : null,
  };
}

/** From `24000/1001`. */
function ratio(text: string): number {
  const [over = NaN, under = 1] = text.split('/').map(Number);
  return over / under;
}
