import { targetPerInstance, type Scaling } from '../group/scaling.ts';

/**
 * What "100 %" is for a group: all the instances it may ever have, each at its target. Pure, like the others here.
 *
 * Cloud Monitoring's `capacity` and `current_utilization` are counts, not percentages: the first is target × instances,
 * the second is the sum over the instances. Three web servers at their target of 60 % CPU show 1.8 in both.
 */
export function fullCapacity(scaling: Pick<Scaling, 'maximum' | 'signal'>): number {
  return rounded(targetPerInstance(scaling.signal) * scaling.maximum);
}

/** So many percent of what a group can ever serve, in the metrics' own unit. */
export function percentOfFull(scaling: Pick<Scaling, 'maximum' | 'signal'>, percent: number): number {
  return rounded((fullCapacity(scaling) * percent) / 100);
}

/** So many percent of the size that the database's disk may grow to, in bytes. */
export function percentOfDisk(limitGb: number, percent: number): number {
  return Math.round((limitGb * 1024 ** 3 * percent) / 100);
}

/** So many percent of the database's connections. */
export function percentOfConnections(limit: number, percent: number): number {
  return Math.floor((limit * percent) / 100);
}

/** 0.6 × 3 is 1.7999999999999998 for a computer, and an operator reads this number. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}
