import type { StepKind } from '../task/states.ts';

/**
 * What became of a step that a worker ended: `done`; `failed` for good; `again`, failed and to be tried again; `lost`,
 * cancelled or given to another; `released`, given back because the worker stops.
 */
export const stepOutcomes = ['done', 'failed', 'again', 'lost', 'released'] as const;
export type StepOutcome = (typeof stepOutcomes)[number];

export interface FinishedStep {
  kind: StepKind;
  outcome: StepOutcome;
  /** How long the work took, in seconds. */
  seconds: number;
  /** Length of source that a clip step covers, in seconds. */
  sourceSeconds?: number;
}

/**
 * Where a process tells its figures. Telling only notes something in memory: it never waits and never throws, whatever
 * becomes of those who are told.
 */
export interface Metrics {
  stepFinished(step: FinishedStep): void;
  /** @param busy slots that have a step @param slots all slots of this worker */
  slotsBusy(busy: number, slots: number): void;
  /** Writes the page that Prometheus fetches; null where figures are sent by themselves and no page is to be served. */
  page: (() => Promise<string>) | null;
  /** Sends what is known now and waits until it has arrived or was given up. For tests and for operators. */
  flush(): Promise<void>;
  /** Sends a last time and lets everything go, within 2 seconds. */
  close(): Promise<void>;
}
