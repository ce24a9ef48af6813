import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { undo } from '../../test/kit/undo.ts';
import { tools } from '../../test/kit/videos.ts';
import type { Command } from '../../worker/ffmpeg/command.ts';
import { readJson, runFfprobe } from '../../worker/ffmpeg/ffprobe.ts';
import { fileAddress, userFileFlags } from '../../worker/ffmpeg/input.ts';
import { runFfmpeg } from '../../worker/ffmpeg/run.ts';
import { packetEntries, readPacket } from '../../worker/ingest/packet.ts';
import { probeSource } from '../../worker/ingest/probe.ts';
import { Scanner } from '../../worker/ingest/timeline-scan.ts';
import { atMost, rounded, type Measured, type Run } from '../bench.ts';
import { once } from '../pipeline/sources.ts';
import { endedChildrenCpu } from '../processes.ts';
import { median, ratioOfPairs } from '../statistics.ts';

const ROUNDS = 9;

/** What was asked before lines, silence, colors and all tracks were looked at. */
const entriesBefore = [
  'stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,pix_fmt,color_space,time_base,nb_frames,channels,sample_rate',
  'stream_disposition=attached_pic,timed_thumbnails',
  'stream_side_data=rotation',
  'format=format_name,start_time,duration',
].join(':');

/**
 * Ingest without the network: hash, store and examine a minute of 1080p30, now and as it was before everyday footage was
 * looked at closely. Processor time of all programs and of this one.
 */
export async function probing({ t, say, quick, signal }: Run): Promise<Measured> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  undo(t, () => rm(folder, { recursive: true, force: true }));
  const source = await minute(quick ? 10 : 60);
  const spent = { now: [] as number[], before: [] as number[] };
  for (let round = 0; round <= (quick ? 1 : ROUNDS); round++) {
    for (const way of round % 2 === 0 ? (['now', 'before'] as const) : (['before', 'now'] as const)) {
      const began = (await endedChildrenCpu()) + own();
      await hashed(source);
      await copyFile(source, path.join(folder, 'stored'));
      await (way === 'now' ? examineNow(source, signal) : examineBefore(source, signal));
      if (round > 0) spent[way].push((await endedChildrenCpu()) + own() - began);
    }
  }
  const ratio = ratioOfPairs(spent.now, spent.before).median;
  say(`ingest: ${rounded(median(spent.now))} s of the processor, before ${rounded(median(spent.before))} s`);
  return { now: spent.now, before: spent.before, verdicts: [atMost('ingest over that of before', ratio, 1.1)] };
}

function own(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function examineNow(source: string, signal: AbortSignal) {
  return probeSource(source, { tools, signal, limits: { maxSeconds: 3600 }, container: 'mov' });
}

/** Header; packet scan, and at the same time a first picture and a first piece of sound. */
async function examineBefore(source: string, signal: AbortSignal): Promise<void> {
  const run = { tools, signal, container: 'mov', seconds: 60 };
  await readJson(source, ['-show_entries', entriesBefore], run);
  const scanner = new Scanner(0, { seconds: 3600, pictures: 1e6 });
  const onLine = (line: string) => {
    const packet = readPacket(line);
    if (packet) scanner.add(packet);
  };
  const first: Command = {
    inputs: [
      { address: fileAddress(source), options: ['-threads', '1', '-max_error_rate', '1', ...userFileFlags('mov')] },
    ],
    filters: ['[0:0]trim=end_frame=1[picture]', '[0:1]atrim=end_sample=1[sound]'],
    options: ['-map', '[picture]', '-map', '[sound]', '-threads', '1', '-f', 'null'],
    output: '-',
  };
  const allowance = { memory: 4 * 2 ** 30, cpuSeconds: 40, fileSize: 0 };
  await Promise.all([
    runFfprobe(source, ['-show_entries', packetEntries, '-of', 'csv=p=0'], { ...run, onLine }),
    runFfmpeg(first, { tools, signal, wallSeconds: 20, allowance }),
  ]);
  scanner.finish();
}

async function hashed(file: string): Promise<void> {
  const stream = createReadStream(file);
  const hash = createHash('sha256');
  stream.on('data', (bytes) => hash.update(bytes));
  await finished(stream);
}

function minute(seconds: number): Promise<string> {
  const drawn = ['-f', 'lavfi', '-i', `testsrc2=s=1920x1080:r=30:d=${seconds},noise=alls=4:allf=t`];
  const sound = ['-f', 'lavfi', '-i', `sine=f=440:r=48000:d=${seconds}`];
  const options = ['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '8M', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  return once(`probing-${seconds}.mp4`, [...drawn, ...sound, ...options]);
}
