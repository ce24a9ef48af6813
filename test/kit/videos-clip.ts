import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { loadCatalog } from '../../shared/task/catalog.ts';
import type { Clip, Media } from '../../shared/task/media.ts';
import type { ClipInput } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { encodeClip } from '../../worker/clip/encode.ts';
import type { Layer } from '../../worker/ffmpeg/sandbox.ts';
import { probeSource } from '../../worker/ingest/probe.ts';
import { planClips } from '../../worker/ingest/timeline.ts';
import { tools } from './videos.ts';

export const catalog = await loadCatalog();
export const idrl = catalogProfile('idrl');
export const anb = catalogProfile('anb');

export interface MadeClip {
  file: string;
  input: ClipInput;
  clip: Clip;
}

/** From a source to its clips, as a worker makes them. @param parts numbers of those to make; all by default */
export async function makeClips(
  t: TestContext,
  source: string,
  profile: Profile,
  parts?: number[],
  layers: Layer[] = tools.layers,
): Promise<{ media: Media; plan: ClipInput[]; clips: MadeClip[] }> {
  const folder = await temporaryFolder(t);
  const given = { ...always, tools: { ...tools, layers } };
  const { media, pictures } = await probeSource(source, { ...given, limits: { maxSeconds: 3600 } });
  const plan = planClips(pictures, media, profile);
  const clips: MadeClip[] = [];
  for (const input of plan.filter(({ part }) => !parts || parts.includes(part.number))) {
    const file = path.join(folder, `${input.part.number}.mp4`);
    const clip = await encodeClip({ ...given, source, input, media, profile, to: file });
    clips.push({ file, input, clip });
  }
  return { media, plan, clips };
}

export const always = { tools, signal: new AbortController().signal, threads: 2, onProgress: () => {} };

export async function probe(source: string, maxSeconds = 3600, more: { onTruncated?: 'make' | 'refuse' } = {}) {
  return probeSource(source, { tools, signal: always.signal, limits: { maxSeconds }, ...more });
}

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'clips-'));
  // FFmpeg may run as another user.
  await chmod(folder, 0o711);
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A profile of the catalogue. */
export function catalogProfile(name: string): Profile {
  const profile = catalog.get(name);
  if (!profile) throw new Error(`no profile ${name}`);
  return profile;
}
