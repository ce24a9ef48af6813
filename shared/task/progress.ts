import { isFinal, type StepKind, type TaskStatus } from './states.ts';
import type { Step } from './task.ts';

/** How far a task is, for its owner. Pure. */
export interface Progress {
  phase: StepKind | 'waiting' | 'ended';
  /** 0 to 100. */
  percent: number;
  /** Seconds still to go, or null while there is nothing to judge by. */
  eta_seconds: number | null;
}

/** Shares of the bar: fetching and planning, the clips, and what comes last. */
const INGEST = 10;
const CLIPS = 88;

/**
 * @param steps of the task, in any order
 * @param now for the time that the clips took so far
 */
export function taskProgress(status: TaskStatus, steps: Step[], now: Date): Progress {
  if (status === 'succeeded') return { phase: 'ended', percent: 100, eta_seconds: 0 };
  const clips = steps.filter((step) => step.kind === 'clip');
  const percent = clips.length === 0 ? ingestPercent(steps) : INGEST + CLIPS * done(clips);
  if (isFinal(status)) return { phase: 'ended', percent: round(percent), eta_seconds: null };
  return { phase: phase(steps, clips), percent: round(percent), eta_seconds: eta(clips, now) };
}

function ingestPercent(steps: Step[]): number {
  return INGEST * (steps.find((step) => step.kind === 'ingest')?.progress ?? 0);
}

/** Part of the clips' pictures that is done, by the length of each part. The sound of the whole takes next to nothing. */
function done(clips: Step[]): number {
  const total = clips.reduce((sum, clip) => sum + seconds(clip), 0);
  return total === 0 ? 0 : clips.reduce((sum, clip) => sum + seconds(clip) * clip.progress, 0) / total;
}

function phase(steps: Step[], clips: Step[]): Progress['phase'] {
  if (steps.every((step) => step.state === 'waiting')) return 'waiting';
  if (clips.length === 0) return 'ingest';
  if (!clips.every((clip) => clip.state === 'done')) return 'clip';
  return steps.every(({ kind, state }) => kind === 'finish' || state === 'done') ? 'finish' : 'sound';
}

/** As fast as until now, since the first clip was begun. */
function eta(clips: Step[], now: Date): number | null {
  const begun = clips.flatMap((clip) => (clip.started_at ? [clip.started_at.getTime()] : []));
  const fraction = done(clips);
  if (begun.length === 0 || fraction < 0.02) return null;
  const elapsed = (now.getTime() - Math.min(...begun)) / 1000;
  return Math.ceil((elapsed * (1 - fraction)) / fraction);
}

function seconds(clip: Step): number {
  return clip.input ? clip.input.part.end - clip.input.part.start : 1;
}

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
