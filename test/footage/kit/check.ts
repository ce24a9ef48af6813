import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setInterval } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { rows } from '../../../shared/db/connect.ts';
import type { Profile } from '../../../shared/task/profile.ts';
import { findTools } from '../../../worker/ffmpeg/tools.ts';
import { newClient } from '../../kit/client.ts';
import { startService, type Service } from '../../kit/service.ts';
import { until } from '../../kit/until.ts';
import { serveVideos } from '../../kit/video-server.ts';
import { catalog } from '../../kit/videos-clip.ts';
import { profileNames, type Case, type ProfileName } from './case.ts';
import { judge } from './judge.ts';
import { fetchOutcome, type Outcome } from './outcome.ts';

/** Every case, the rare ones too, and with every profile in place of one by turns. */
const isThorough = process.env.FOOTAGE === 'all';

/** Longest wait for a task, ms: all of a file's wait for each other. */
const patience = 240_000;

/** Between two looks at what has ended, ms. */
const lookEvery = 150;

/** Sources that are drawn at once. */
const drawnAtOnce = 3;

/**
 * Makes all cases on one service, from ingest to finish, and judges each with every profile that is its turn.
 * @param subject what they have in common
 * @param on the FFmpeg that makes them: that of the PATH, or the one shipped through npm, so that every run meets both.
 *   Where one is named by setting, it is that one
 */
export function checkCases(subject: string, all: Case[], on: 'path' | 'shipped' = 'path'): void {
  const cases = isThorough ? all : all.filter(({ rare }) => !rare);
  test(subject, async (t) => {
    const runs = cases.flatMap((one, at) => profilesOf(one, at, cases).map((profile) => ({ one, profile })));
    const outcomes = await submitAll(t, runs, on === 'shipped' ? await shipped() : {});
    for (const { one, profile } of runs) {
      await t.test(`${one.name}: ${profile}`, async (t) => {
        const outcome = await outcomes(one.name, profile);
        const said = await judge(one, profile, outcome, (name) => outcomes(name, profile));
        if (said.length > 0) t.diagnostic(`source ${outcome.source}`);
        assert.deepEqual(said, []);
      });
    }
  });
}

async function shipped(): Promise<Record<string, string>> {
  if (process.env.FFMPEG_PATH) return {};
  const { ffmpeg, ffprobe } = await findTools({}, '');
  return { FFMPEG_PATH: ffmpeg, FFPROBE_PATH: ffprobe };
}

interface Run {
  one: Case;
  profile: ProfileName;
}

/** The cheapest comes twice as often. */
const turns: ProfileName[] = ['idrl', 'whole', 'idrl', 'hls'];

/** A case that another is compared with is made by that one's profiles too. */
function profilesOf(one: Case, at: number, cases: Case[]): ProfileName[] {
  const turn = turns[at % turns.length] ?? 'idrl';
  const own = isThorough || one.profiles === 'all' ? [...profileNames] : (one.profiles ?? [turn]);
  const compared = cases.flatMap((other, place) => {
    const { expect } = other;
    const isWith = 'seconds' in expect && (expect.combLike === one.name || expect.sameAs === one.name);
    return isWith ? profilesOf(other, place, cases) : [];
  });
  return profileNames.filter((name) => own.includes(name) || compared.includes(name));
}

/** @returns what came out of a run, when it has ended */
async function submitAll(
  t: TestContext,
  runs: Run[],
  env: Record<string, string>,
): Promise<(name: string, profile: ProfileName) => Promise<Outcome>> {
  const videos = await serveVideos(t);
  // The first failure shows: a second try would hide what depends on luck, and wait.
  const service = await startService(t, { env: { ...env, SOURCE_ALLOW: videos.allow, STEP_TRIES: '1' } });
  const client = await newClient(service.url);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'footage-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const outcomes = new Map<string, Promise<Outcome>>();
  const drawn = fewAtOnce(drawnAtOnce);
  const ended = watchEnds(t, service);

  async function make({ one, profile }: Run): Promise<Outcome> {
    const source = await drawn(one.make);
    const given = one.change
      ? { ...(catalog.get(profile) as Profile), ...one.change, name: `own-${profile}` }
      : profile;
    const { task_id: id } = await client.submit(videos.urlOf(source), { profile: given, ...one.more });
    await ended(id);
    return fetchOutcome(service, client, { id, profile, source, folder });
  }

  for (const run of runs) {
    const outcome = make(run);
    // For its own test to tell.
    outcome.catch(() => undefined);
    outcomes.set(`${run.one.name}: ${run.profile}`, outcome);
  }
  return (name, profile) => {
    const found = outcomes.get(`${name}: ${profile}`);
    if (!found) throw new Error(`no case “${name}” by ${profile}`);
    return found;
  };
}

/**
 * Waits for the ends of many tasks by asking for all of them at once: asking for each keeps a processor busy.
 * @returns waits for that of one
 */
function watchEnds(t: TestContext, { db }: Service): (id: string) => Promise<true> {
  const known = new Set<string>();
  const over = new AbortController();
  t.after(() => over.abort());
  const looking = (async () => {
    for await (const sql of setInterval(lookEvery, 'select id from tasks where finished_at is not null', over)) {
      for (const { id } of await rows<{ id: string }>(db, sql)) known.add(id);
    }
  })();
  looking.catch(() => undefined);
  return (id) => until(() => known.has(id), { what: `task ${id} has ended`, timeout: patience, every: lookEvery });
}

/** @returns runs what it is given, so many at a time, in order */
function fewAtOnce(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const ends: Promise<unknown>[] = [];
  return (work) => {
    const result = (ends.at(-most) ?? Promise.resolve()).then(work);
    ends.push(result.catch(() => undefined));
    return result;
  };
}
