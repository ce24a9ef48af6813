import { Problem } from '../../shared/task/problem.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Tools } from '../ffmpeg/tools.ts';

/** Quieter than this at its loudest is silence, in dB of full scale: the noise of the last bits of 16. */
const silence = -70;

/** Takes in what FFmpeg's `volumedetect` says. */
export class PeakMeter {
  private loudest = -Infinity;

  read(line: string): void {
    const peak = /max_volume: (-?[\d.]+) dB/.exec(line)?.[1];
    if (peak !== undefined) this.loudest = Math.max(this.loudest, Number(peak));
  }

  get isSilent(): boolean {
    return this.loudest < silence;
  }
}

/** A filter that ends a sound after so many seconds, whatever its time stamps. */
export function atMost(seconds: number): string {
  return `atrim=duration=${seconds}`;
}

/** At so many places a track is listened to, for so many seconds each. */
const places = 4;
const seconds = 30;

/** What is no longer than this is listened to whole, in seconds: sound may be sparse. */
const shortEnough = 600;

const wallSeconds = 60;
const allowance = { memory: 4 * 2 ** 30, cpuSeconds: wallSeconds, fileSize: 0 };

/**
 * Listens to a track here and there.
 * @param track its number, how many channels it has, and when it ends, in seconds after the file's first time stamp
 * @returns whether there is sound in it; null where it does not decode
 */
export async function isSilent(
  path: string,
  track: { container: string; index: number; channels: number; endsAt: number },
  { tools, signal }: { tools: Tools; signal: AbortSignal },
): Promise<boolean | null> {
  const meter = new PeakMeter();
  const onMessage = (line: string) => meter.read(line);
  try {
    await runFfmpeg(listening(path, track), { tools, signal, wallSeconds, allowance, onMessage });
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'internal') throw error;
    return null;
  }
  return meter.isSilent;
}

function listening(path: string, track: Parameters<typeof isSilent>[1]): Command {
  const count = track.endsAt > shortEnough ? places : 1;
  const lasts = count === 1 ? track.endsAt + 1 : seconds;
  const all = Array.from({ length: count }, (_, at) => at);
  // Of all channels: the one that speaks may be any.
  const mixed = `pan=mono|c0<${Array.from({ length: track.channels }, (_, at) => `c${at}`).join('+')}`;
  const [first, ...more] = all.map((at) => ({ options: ['-map', `[heard${at}]`, '-f', 'null'], output: '-' }));
  return {
    inputs: all.map((at) => ({
      address: fileAddress(path),
      options: [
        ...['-threads', '1', ...userFileFlags(track.container), '-vn', '-sn', '-dn'],
        ...['-ss', ((at * track.endsAt) / count).toFixed(3)],
      ],
    })),
    filters: all.map((at) => `[${at}:${track.index}]${atMost(lasts)},${mixed},volumedetect[heard${at}]`),
    ...(first ?? { options: [], output: '-' }),
    more,
  };
}
