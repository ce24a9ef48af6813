import { stepKinds } from '../task/states.ts';
import { copyOf, emptyDistribution, observe, type Distribution } from './distribution.ts';
import type { Sample } from './figures.ts';
import { stepOutcomes, type FinishedStep, type Metrics } from './metrics.ts';

/** Seconds, from a finish step to an hour's download. */
const DURATIONS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];
/** Seconds of source a second of work: one core is about 1 to 5. */
const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 12, 20, 40];

/** The figures of one process, counted from its start. */
export interface Recorder extends Pick<Metrics, 'stepFinished' | 'slotsBusy'> {
  /** All of them, also those still at zero. */
  read(): Sample[];
}

/**
 * Notes figures in memory. Its label sets are fixed from the start, so that however long a process runs and whatever it
 * is told, it holds no more than these few.
 */
export function recordFigures(): Recorder {
  const finished = new Map<string, number>();
  for (const kind of stepKinds) for (const outcome of stepOutcomes) finished.set(`${kind} ${outcome}`, 0);
  const durations = new Map<string, Distribution>(stepKinds.map((kind) => [kind, emptyDistribution(DURATIONS)]));
  const speed = emptyDistribution(SPEEDS);
  let slots: { busy: number; total: number } | undefined;

  return {
    stepFinished(step) {
      const key = `${step.kind} ${step.outcome}`;
      const before = finished.get(key);
      if (before === undefined) return;
      finished.set(key, before + 1);
      if (step.outcome !== 'done' || !isLength(step.seconds)) return;
      const duration = durations.get(step.kind);
      if (duration) observe(duration, step.seconds);
      const ratio = speedOf(step);
      if (ratio !== null) observe(speed, ratio);
    },
    slotsBusy(busy, total) {
      if (isLength(busy) && isLength(total)) slots = { busy, total };
    },
    read: () => [
      { figure: 'clips/speed', labels: {}, value: copyOf(speed) },
      ...[...durations].map(([kind, value]): Sample => ({
        figure: 'steps/duration_seconds',
        labels: { kind },
        value: copyOf(value),
      })),
      ...[...finished].map(([key, value]): Sample => {
        const [kind = '', outcome = ''] = key.split(' ');
        return { figure: 'steps/finished', labels: { kind, outcome }, value };
      }),
      // A process without slots says nothing of them: a zero would look like a worker that is full.
      ...(slots ? slotFigures(slots) : []),
    ],
  };
}

function slotFigures({ busy, total }: { busy: number; total: number }): Sample[] {
  return [
    { figure: 'slots/busy', labels: {}, value: busy },
    { figure: 'slots/total', labels: {}, value: total },
  ];
}

/** Null where there is no clip to speak of: one distribution shows ingest and clips of nothing as if they were slow. */
function speedOf({ kind, seconds, sourceSeconds }: FinishedStep): number | null {
  if (kind !== 'clip' || seconds === 0 || sourceSeconds === undefined || !isLength(sourceSeconds)) return null;
  return sourceSeconds === 0 ? null : sourceSeconds / seconds;
}

/** One NaN would make every later sum NaN. */
function isLength(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
