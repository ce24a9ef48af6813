import { answerOf, type Api, type Task } from '../../../client/connect.ts';
import { followTask } from '../../../client/follow.ts';
import { uploadFile } from '../../../client/upload.ts';
import { differences, type Recipe, type Result } from './compare.ts';
import { countPictures, expect, type Decoding } from './decode.ts';
import type { Expected } from './expected.ts';

export interface Tried {
  file: string;
  expected: Expected;
  result: Result;
  differences: string[];
  /** From sending the file to the end of its task. */
  seconds: number;
}

export interface Trying extends Decoding {
  api: Api;
  profile: Profile;
  keep: boolean;
  /** Told of tasks that are to be removed should all be interrupted. */
  onTask: (id: string, isOver: boolean) => void;
}

export interface Profile extends Recipe {
  name: string;
  isJoined: boolean;
  isSourceRate: boolean;
  /** Seconds of bumper at each end. */
  bumper: number;
}

/** Sends a file, waits for what comes of it, and compares that with an independent decode. */
export async function tryFile(path: string, name: string, trying: Trying): Promise<Tried> {
  const { api, profile, signal, patience, keep, onTask } = trying;
  const expected = await expect(path, trying);
  const began = performance.now();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience * 1000)]);
  const upload = await uploadFile(api, path, { signal: limit });
  const body = { upload_id: upload, profile: profile.name, priority: 0 };
  const params = { query: { dry_run: '0' as const }, header: {} };
  const { task_id: id } = answerOf(await api.POST('/tasks', { body, params, signal: limit }));
  onTask(id, false);
  const task = await followTask(api, id, { signal: limit });
  const seconds = (performance.now() - began) / 1000;
  const result = await readResult(task, profile, trying);
  if (!keep) {
    answerOf<unknown>(await api.DELETE('/tasks/{id}', { params: { path: { id }, query: {} }, signal }));
    onTask(id, true);
  }
  return { file: name, expected, result, differences: differences(expected, result, profile), seconds };
}

/** What a service of a later version tells besides. */
type Told = Task & {
  warnings?: { code: string }[];
  media?: { video?: { scan?: string; hdr?: string | null }; audio?: { index?: number } | null } | null;
};

async function readResult(task: Task, profile: Profile, decoding: Decoding): Promise<Result> {
  const { warnings = [], media } = task as Told;
  const made =
    task.stream_url === null ? await readClips(task, profile, decoding) : await readStream(task.stream_url, decoding);
  return {
    ...made,
    status: task.status,
    error: task.error,
    warnings: warnings.map(({ code }) => code),
    media: media?.video?.scan
      ? { scan: media.video.scan, hdr: media.video.hdr ?? null, audioIndex: media.audio?.index ?? null }
      : null,
    pictures: profile.isSourceRate ? made.pictures : null,
  };
}

async function readClips({ clips }: Task, { bumper, isJoined }: Profile, decoding: Decoding) {
  let pictures = 0;
  for (const { url } of clips) pictures += await countPictures(url, decoding);
  const bumpers = isJoined ? 2 * bumper : 2 * bumper * clips.length;
  const [first] = clips;
  return {
    files: clips.length,
    seconds: clips.reduce((sum, { seconds }) => sum + seconds, 0) - (clips.length > 0 ? bumpers : 0),
    pictures,
    hasSound: clips.some(({ has_sound: has }) => has),
    frame: first ? { width: first.width, height: first.height } : null,
  };
}

/** The largest size of a stream. */
async function readStream(url: string, decoding: Decoding) {
  const read = async (address: string | URL) => (await fetch(address, { signal: decoding.signal })).text();
  const master = await read(url);
  const sizes = [...master.matchAll(/^#EXT-X-STREAM-INF:.*RESOLUTION=(\d+)x(\d+).*\n(.+)$/gm)]
    .map(([, width, height, name = '']) => ({ width: Number(width), height: Number(height), name }))
    .sort((a, b) => b.height - a.height);
  const [largest = { width: 0, height: 0, name: '' }] = sizes;
  const playlist = await read(new URL(largest.name, url));
  const lengths = [...playlist.matchAll(/^#EXTINF:([\d.]+)/gm)].map(([, length]) => Number(length));
  const pictures = new URL(largest.name.replace('.m3u8', '.mp4'), url);
  return {
    files: sizes.length,
    seconds: lengths.reduce((sum, one) => sum + one, 0),
    pictures: await countPictures(String(pictures), decoding),
    hasSound: /TYPE=AUDIO/.test(master),
    frame: { width: largest.width, height: largest.height },
  };
}
