import type { Gain, Media } from '../../shared/task/media.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { warning } from '../../shared/task/warnings.ts';
import { heardSound } from '../clip/args-sound.ts';
import type { Command } from '../ffmpeg/command.ts';
import { SoundChanges } from '../ffmpeg/failure.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import { evened } from '../clip/args.ts';
import { evenInput, sourceInput } from './args.ts';
import { evenOut } from './even-out.ts';
import { gainFor, louder, Loudness } from './loudness.ts';

/** Six hours take some minutes on one core. */
const wallSeconds = 3600;
const allowance = { memory: 2 * 2 ** 30, cpuSeconds: wallSeconds, fileSize: 0 };

/** How near to what was asked for, in LU, and how often the gain is corrected to get there. */
const closeEnough = 0.5;
const mostCorrections = 3;

/**
 * A source with what makes its sound as loud as the profile asks for. Measured once, of the whole: its parts are made by
 * different workers, and no seam between them may be heard.
 * @throws Problem, or the signal's reason when aborted
 */
export async function withLoudness(
  source: string,
  media: Media,
  { audio }: Profile,
  { tools, signal, folder }: { tools: Tools; signal: AbortSignal; folder: string },
): Promise<Media> {
  const target = audio?.loudness ?? null;
  const sound = media.audio;
  if (!audio || target === null || !sound) return media;
  const measure = async (evenSound?: string, gain?: Gain) => {
    const loudness = new Loudness();
    const heard = { ...evened(sound, evenSound === undefined ? {} : { evenSound }), ...(gain ? { gain } : {}) };
    const end = [`atrim=end=${sound.ends_at}`, 'ebur128=peak=true:framelog=verbose'];
    const command: Command = {
      inputs: [evenSound === undefined ? sourceInput(source, media) : evenInput(evenSound)],
      filters: heardSound(0, audio, heard, media.starts_at, end),
      options: ['-map', '[heard]', '-f', 'null'],
      output: '-',
    };
    const onMessage = (line: string) => loudness.read(line);
    await runFfmpeg(command, { tools, signal, wallSeconds, allowance, onMessage });
    return loudness.measured;
  };
  const reach = async (evenSound?: string): Promise<Gain | null> => {
    const measured = await measure(evenSound);
    let gain = measured && gainFor(measured, target);
    // Limiting takes some of the loudness away again.
    for (let again = 0; gain?.limited && again < mostCorrections; again++) {
      const limited = await measure(evenSound, gain);
      const missing = limited ? target - limited.integrated : 0;
      if (Math.abs(missing) < closeEnough) break;
      gain = louder(gain, missing);
    }
    return gain;
  };
  const gain = await reach().catch(async (error: unknown) => {
    if (!(error instanceof SoundChanges)) throw error;
    return reach(await evenOut(source, media, { from: 0, until: media.seconds }, folder, { tools, signal }));
  });
  if (!gain) return media;
  const told = gain.limited ? [warning('loudness_limited')] : [];
  return { ...media, audio: { ...sound, gain }, warnings: [...(media.warnings ?? []), ...told] };
}
