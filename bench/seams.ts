import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TaskView } from '../test/kit/client.ts';
import { drawSeams } from '../test/seams/draw.ts';
import { judge, type Judged } from '../test/seams/judge.ts';
import { atMost, rounded, type Measured, type Run } from './bench.ts';
import { openGround } from './ground.ts';
import { startServiceProcesses } from './service.ts';
import { table } from './table.ts';

const RATES = ['24000/1001', '25', '30000/1001', '60000/1001', 'vfr'];
const PATIENCE_MS = 3_600_000;

interface Joined extends Judged {
  rate: string;
  profile: string;
  seams: number;
  /** How much longer the sound is than the pictures, in milliseconds. */
  longerMs: number;
  /** From the upload to the end, in seconds. */
  took: number;
}

/**
 * Ten minutes of moving bars and a tone at every rate, made in parts and joined to a clip and to a stream: each picture
 * compared with the source's, and each millisecond of the tone looked at.
 */
export async function seams({ t, say, quick, signal }: Run): Promise<Measured> {
  const seconds = quick ? 60 : 600;
  const ground = await openGround(t);
  const { client } = await startServiceProcesses(t, ground);
  const results: Joined[] = [];
  for (const rate of quick ? ['vfr'] : RATES) {
    const source = await drawSeams({ seconds, rate, width: 640, height: 360 });
    for (const profile of ['whole', 'hls']) {
      signal.throwIfAborted();
      const began = performance.now();
      const { body } = await client.upload(source, { profile });
      const task = await client.ended(body.task_id, PATIENCE_MS);
      if (task.status !== 'succeeded') throw new Error(`${rate} as ${profile}: ${JSON.stringify(task.error)}`);
      const took = rounded((performance.now() - began) / 1000);
      const folder = await mkdtemp(path.join(ground.folder, 'joined-'));
      const fps = fpsOf(rate);
      const judged = await judge(source, await load(task, folder), fps);
      await rm(folder, { recursive: true });
      const longerMs = rounded(1000 * (judged.seconds - judged.pictures / fps));
      results.push({ rate, profile, seams: task.parts.length - 1, ...judged, longerMs, took });
      say(
        `${rate} as ${profile}: ${judged.pictures} pictures, ${judged.wrong} wrong, ${judged.quietMs} ms of silence, ${took} s`,
      );
    }
  }
  for (const line of table(results.map(shown))) say(line);
  return { seconds, results, verdicts: verdicts(results) };
}

/** The pictures and the sound of what was made: of a stream, the largest size. */
async function load(task: TaskView, folder: string): Promise<{ pictures: string; sound: string }> {
  const bring = async (url: string | URL) => {
    const file = path.join(folder, path.basename(new URL(url).pathname));
    await writeFile(file, Buffer.from(await (await fetch(url)).arrayBuffer()));
    return file;
  };
  if (!task.stream_url) {
    const whole = await bring(task.clips[0]?.url ?? '');
    return { pictures: whole, sound: whole };
  }
  const at = (name: string) => new URL(name, task.stream_url ?? '');
  return { pictures: await bring(at('360.mp4')), sound: await bring(at('sound.mp4')) };
}

function fpsOf(rate: string): number {
  if (rate === 'vfr') return 30;
  const [over = NaN, under = 1] = rate.split('/').map(Number);
  return over / under;
}

function shown({ rate, profile, seams, pictures, wrong, quietMs, jump, beginsAt, longerMs, took }: Joined) {
  return { rate, profile, seams, pictures, wrong, quietMs, jump: rounded(jump), beginsAt, longerMs, took };
}

function verdicts(all: readonly Joined[]) {
  const most = (figure: (one: Joined) => number) => Math.max(...all.map(figure));
  return [
    atMost(
      'pictures missing, repeated or out of place',
      most(({ wrong }) => wrong),
      0,
    ),
    atMost(
      'silence at a seam',
      most(({ quietMs }) => quietMs),
      0,
      ' ms',
    ),
    atMost(
      'jump of the phase of the tone',
      most(({ jump }) => jump),
      3,
      ' degrees',
    ),
    atMost('pictures off their time', 1e6 * most(({ offGrid }) => offGrid), 10, ' µs'),
    atMost(
      'start of the pictures',
      most(({ beginsAt }) => beginsAt),
      0,
      ' s',
    ),
  ];
}
