import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { imagesFolder } from '../../shared/task/catalog.ts';
import type { Media } from '../../shared/task/media.ts';
import type { ClipInput } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { tools } from '../../test/kit/videos.ts';
import { clipCommand } from '../../worker/clip/args.ts';
import { quietFlags, type Command } from '../../worker/ffmpeg/command.ts';
import { framing } from '../../worker/clip/frame.ts';
import { threadsFor } from '../../worker/threads.ts';

export interface BareWork {
  source: string;
  plan: ClipInput[];
  media: Media;
  profile: Profile;
  folder: string;
  /** Hears of each FFmpeg that is started. */
  started: (pid: number) => void;
}

/**
 * The best script for the same clips: as many FFmpegs at once as cores with one thread each, and more for a last one that
 * is alone; each part's pictures encoded once, the bumper encoded once beside the first and joined by copying. Nothing is
 * checked, stored, planned or kept.
 */
export async function runBareScript(work: BareWork): Promise<void> {
  const { plan, profile, folder } = work;
  const making = profile.bumper ? makeBumper(work) : null;
  const waiting = [...plan];
  const cores = os.availableParallelism();
  const takeTurns = async () => {
    for (let input = waiting.shift(); input; input = waiting.shift()) {
      const body = path.join(folder, `body-${input.part.number}.mp4`);
      const isAlone = waiting.length === 0 && plan.length % cores === 1;
      await run(argumentsOf(bodyCommand(work, input, body, threadsFor(cores, isAlone ? 1 : cores))), work);
      const bumper = await making;
      if (bumper) await join([bumper, body, bumper], path.join(folder, `clip-${input.part.number}.mp4`), work);
    }
  };
  await Promise.all(Array.from({ length: cores }, takeTurns));
}

/** The service's own filters and encoder settings, without the bumper. */
function bodyCommand({ source, media, profile }: BareWork, input: ClipInput, to: string, threads: number): Command {
  const image = (name: string) => path.join(imagesFolder, name);
  const only = { ...profile, bumper: null };
  return clipCommand({ source, input, media, profile: only, image, to, threads, mostBytes: 2 ** 31 });
}

async function makeBumper(work: BareWork): Promise<string> {
  const { profile, media, plan, folder } = work;
  const to = path.join(folder, 'bumper.mp4');
  const { frame } = framing(media.video, profile.frame);
  const [first] = plan;
  if (!first || !profile.bumper) throw new Error('there is nothing to make');
  const { options } = bodyCommand(work, first, to, 1);
  const encoder = options.filter((_, index) => options[index] !== '-map' && options[index - 1] !== '-map');
  const { width, height } = frame;
  const fitted = `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:-1:-1`;
  const still = ['-loop', '1', '-framerate', `${profile.fps}`, '-i', path.join(imagesFolder, profile.bumper.image)];
  const silence = ['-f', 'lavfi', '-i', `anullsrc=r=${profile.audio?.sample_rate ?? 48_000}`];
  const length = ['-t', `${profile.bumper.seconds}`, '-vf', `${fitted},setsar=1,format=yuv420p`];
  await run([...quietFlags, ...still, ...silence, ...length, ...encoder, to], work);
  return to;
}

async function join(files: string[], to: string, work: BareWork): Promise<void> {
  const list = `${to}.txt`;
  await writeFile(list, files.map((file) => `file '${file}'\n`).join(''));
  const copying = ['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', '-movflags', '+faststart'];
  await run([...quietFlags, ...copying, to], work);
}

function argumentsOf({ inputs, filters, options, output }: Command): string[] {
  const given = inputs.flatMap(({ address, options: before }) => [...before, '-i', address]);
  const graph = filters.length > 0 ? ['-filter_complex', filters.join(';')] : [];
  return [...quietFlags, ...given, ...graph, ...options, output];
}

async function run(args: string[], { started }: BareWork): Promise<void> {
  const child = spawn(tools.ffmpeg, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-2_000)));
  if (child.pid) started(child.pid);
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`FFmpeg ended with ${code}: ${said}\n${args.join(' ')}`);
}
