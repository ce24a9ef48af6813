import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { rows, type Db } from '../../shared/db/connect.ts';
import { tools } from '../kit/videos.ts';
import type { Fleet } from './fleet.ts';
import { processesOf } from './processes.ts';
import type { Accepted, Stream } from './stream.ts';

/** Everything that the referee goes by. */
export interface Evidence {
  accepted: Accepted[];
  refused: string[];
  tasks: TaskRow[];
  steps: StepRow[];
  /** In the order in which it happened. */
  history: Move[];
  stored: StoredFile[];
  /** Of clips, by checksum. */
  readings: Map<string, Reading>;
  /** Processes and passing files that were left, by name. */
  processes: string[];
  files: string[];
  /** Processes that ended by themselves, or not well. */
  ends: string[];
}

export interface TaskRow {
  id: string;
  key: string;
  status: string;
  source_key: string | null;
  error: string | null;
}

export interface StepRow {
  task: string;
  kind: string;
  part: number | null;
  state: string;
  /** Of the clip, with its size and checksum as they were written down. */
  key: string | null;
  bytes: number | null;
  sha256: string | null;
}

/** What a trigger noted of a step, or of a task when there is no step. */
export interface Move {
  task: string;
  step: string | null;
  kind: string | null;
  part: number | null;
  was: string | null;
  became: string;
  attempt_was: number | null;
  attempt: number | null;
  key: string | null;
}

export interface StoredFile {
  key: string;
  bytes: number;
  sha256: string;
}

export interface Reading {
  frames: number;
  width: number;
  height: number;
}

/** Gathered after web and workers have stopped. @param ends of those that did not stop well */
export async function gatherEvidence(fleet: Fleet, stream: Stream, ends: string[]): Promise<Evidence> {
  const { db, passing, folder } = fleet;
  const media = path.join(folder, 'files', 'media');
  const stored = await readStored(media);
  const clips = new Map(stored.filter(({ key }) => key.startsWith('clips/')).map((file) => [file.sha256, file]));
  const readings = new Map<string, Reading>();
  for (const [sha256, { key }] of clips) readings.set(sha256, await readClip(path.join(media, key)));
  const left = await Promise.all([...Object.values(passing), media].map((place) => processesOf(place)));
  const files = await Promise.all(Object.values(passing).map(async (place) => filesIn(place)));
  return {
    accepted: stream.accepted,
    refused: stream.refused,
    ...(await readRows(db)),
    stored,
    readings,
    processes: [...new Set(left.flat().map(({ pid, command }) => `${pid} ${command}`))],
    files: files.flat(),
    ends: [...[...fleet.webs, ...fleet.workers].flatMap((one) => one.ends), ...ends],
  };
}

async function readRows(db: Db) {
  return {
    tasks: await rows<TaskRow>(
      db,
      `select id, idempotency_key as key, status, source_key, error ->> 'code' as error from tasks order by id`,
    ),
    steps: await rows<StepRow>(
      db,
      `select task_id as task, kind, part, state, output ->> 'key' as key, cast(output ->> 'bytes' as integer) as bytes,
              output ->> 'sha256' as sha256
       from steps order by id`,
    ),
    history: await rows<Move>(
      db,
      `select task, step, kind, part, was, became, attempt_was, attempt, key from faults.history order by id`,
    ),
  };
}

async function readStored(media: string): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const file of await filesIn(media)) {
    const key = path.relative(media, file);
    if (key.startsWith('.incoming')) continue;
    const bytes = await readFile(file);
    stored.push({ key, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  return stored;
}

/** Counted from the packets that are really there. Zeros for what cannot be read. */
async function readClip(file: string): Promise<Reading> {
  const entries = 'stream=width,height,nb_read_packets';
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-count_packets',
    '-show_entries',
    entries,
    '-of',
    'json',
    file,
  ];
  try {
    const { stdout } = await promisify(execFile)(tools.ffprobe, args, { timeout: 60_000 });
    const [video] = (JSON.parse(stdout) as { streams: (Omit<Reading, 'frames'> & { nb_read_packets: string })[] })
      .streams;
    return { frames: Number(video?.nb_read_packets), width: video?.width ?? 0, height: video?.height ?? 0 };
  } catch {
    return { frames: 0, width: 0, height: 0 };
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
