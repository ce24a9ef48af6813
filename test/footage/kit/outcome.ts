import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rows } from '../../../shared/db/connect.ts';
import type { Client, TaskView } from '../../kit/client.ts';
import type { Service } from '../../kit/service.ts';
import type { ProfileName } from './case.ts';

/** A file that was made, on this disk. */
export interface ClipFile {
  pictures: string;
  sound: string | null;
  /** Where its body begins, in seconds of the source. */
  start: number;
  /** Pictures of the bumper at either end. */
  bumper: number;
  /** In seconds, bumpers included, as the task says. */
  length: number;
  width: number;
  height: number;
}

export interface Outcome {
  source: string;
  task: TaskView;
  warnings: { code: string; message: string }[];
  /** How often the step that failed was tried. */
  attempts: number;
  clips: ClipFile[];
}

interface Wanted {
  id: string;
  profile: ProfileName;
  source: string;
  /** Where files are put. */
  folder: string;
}

/** What came out of a task that has ended, fetched as a client would. */
export async function fetchOutcome({ db }: Service, client: Client, wanted: Wanted): Promise<Outcome> {
  const { id, profile, source, folder } = wanted;
  const task = await client.read(id);
  const [tried] = await rows<{ most: number }>(
    db,
    `select max(attempt)::integer as most from steps where task_id = :id`,
    {
      id,
    },
  );
  const save = async (url: string, name: string) => {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${client.token}` } });
    if (!answer.ok) throw new Error(`${name} was answered ${answer.status}`);
    const file = path.join(folder, `${task.task_id}-${name}`);
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    return file;
  };
  // Of a task that says nothing of warnings there are none.
  const { warnings = [] } = task as { warnings?: Outcome['warnings'] };
  const clips = task.stream_url ? [await fetchStream(task.stream_url, save)] : await fetchClips(task, profile, save);
  return { source, task, warnings, attempts: tried?.most ?? 0, clips };
}

type Save = (url: string, name: string) => Promise<string>;

async function fetchClips({ clips, parts }: TaskView, profile: ProfileName, save: Save): Promise<ClipFile[]> {
  const files: ClipFile[] = [];
  for (const { name, url, part, seconds, width, height, has_sound } of clips) {
    const file = await save(url, name);
    files.push({
      pictures: file,
      sound: has_sound ? file : null,
      start: profile === 'whole' ? 0 : (parts.find((one) => one.part === part)?.start ?? NaN),
      bumper: profile === 'idrl' ? 24 : 0,
      length: seconds,
      ...{ width, height },
    });
  }
  return files;
}

/** The largest size of a stream, and its sound. */
async function fetchStream(url: string, save: Save): Promise<ClipFile> {
  const master = await (await fetch(url)).text();
  const sizes = [...master.matchAll(/^#EXT-X-STREAM-INF:.*RESOLUTION=(\d+)x(\d+).*\n(.+)$/gm)]
    .map(([, width, height, name = '']) => ({ width: Number(width), height: Number(height), name }))
    .sort((a, b) => b.height - a.height);
  const [largest] = sizes;
  if (!largest) throw new Error(`no size in ${master}`);
  const playlist = await (await fetch(new URL(largest.name, url))).text();
  const lengths = [...playlist.matchAll(/^#EXTINF:([\d.]+)/gm)].map(([, seconds]) => Number(seconds));
  const sound = /TYPE=AUDIO.*URI="(.+?)\.m3u8"/.exec(master)?.[1];
  const at = (name: string) => String(new URL(name, url));
  return {
    pictures: await save(at(largest.name.replace('.m3u8', '.mp4')), 'pictures.mp4'),
    sound: sound === undefined ? null : await save(at(`${sound}.mp4`), 'sound.mp4'),
    start: 0,
    bumper: 0,
    length: lengths.reduce((sum, one) => sum + one, 0),
    width: largest.width,
    height: largest.height,
  };
}
