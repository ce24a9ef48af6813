import type { Distribution } from './distribution.ts';

/**
 * Every figure that the service tells, and what it is called by whom. Pure. Cloud Monitoring and Prometheus have their
 * own conventions, so each figure has a name for both. Seconds are seconds; a speed is seconds of source a second.
 */
export const figures = {
  'steps/waiting': {
    kind: 'gauge',
    whole: true,
    unit: '{step}',
    prometheus: 'claqueta_steps_waiting',
    labels: ['kind'],
    description: 'Steps that wait for a worker.',
  },
  'steps/oldest_waiting_seconds': {
    kind: 'gauge',
    whole: false,
    unit: 's',
    prometheus: 'claqueta_steps_oldest_waiting_seconds',
    labels: [],
    description: 'How long the step that could have started first has been waiting for a worker.',
  },
  'steps/source_seconds_waiting': {
    kind: 'gauge',
    whole: false,
    unit: 's',
    prometheus: 'claqueta_steps_waiting_source_seconds',
    labels: [],
    description: 'Length of source in the clip steps that wait: the work ahead of the fleet.',
  },
  'clips/speed': {
    kind: 'distribution',
    whole: false,
    unit: '1',
    prometheus: 'claqueta_clips_speed_ratio',
    labels: [],
    description: 'Seconds of source cut in a second of work, of clip steps that were done.',
  },
  'steps/duration_seconds': {
    kind: 'distribution',
    whole: false,
    unit: 's',
    prometheus: 'claqueta_steps_duration_seconds',
    labels: ['kind'],
    description: 'How long the work on a step took, of steps that were done.',
  },
  'steps/finished': {
    kind: 'cumulative',
    whole: true,
    unit: '{step}',
    prometheus: 'claqueta_steps_finished_total',
    labels: ['kind', 'outcome'],
    description: 'Steps that a worker ended, by what became of them.',
  },
  'slots/busy': {
    kind: 'gauge',
    whole: true,
    unit: '{slot}',
    prometheus: 'claqueta_slots_busy',
    labels: [],
    description: 'Slots of this worker that have a step.',
  },
  'slots/total': {
    kind: 'gauge',
    whole: true,
    unit: '{slot}',
    // Without _total, which Prometheus keeps for counters.
    prometheus: 'claqueta_slots',
    labels: [],
    description: 'Slots of this worker.',
  },
} as const satisfies Record<string, Figure>;

export interface Figure {
  /** A gauge is as it is now; the others count from the start of the process. */
  kind: 'gauge' | 'cumulative' | 'distribution';
  /** Whether its values are whole numbers. */
  whole: boolean;
  /** As Cloud Monitoring writes units (UCUM). */
  unit: string;
  prometheus: string;
  labels: readonly string[];
  description: string;
}

export type FigureName = keyof typeof figures;

/** One figure with one set of labels, as it is at a moment. */
export interface Sample {
  figure: FigureName;
  labels: Record<string, string>;
  value: number | Distribution;
}

/** In the order of this list, which is the order on every page. */
export const figureNames = Object.keys(figures) as FigureName[];

export function figureOf(name: FigureName): Figure {
  return figures[name];
}
