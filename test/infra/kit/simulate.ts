/** A minute of a group: how busy each of its instances is, as a fraction of CPU or in messages. */
export type Minute = number[];

/** What Cloud Monitoring shows of a group in a minute; undefined where there is no point. */
export interface Points {
  capacity: (number | undefined)[];
  utilization: (number | undefined)[];
  size: number[];
}

/** The autoscaler's metrics as Google documents them: target × instances, and the sum over the instances. */
export function pointsOf(minutes: Minute[], target: number): Points {
  return {
    capacity: minutes.map((instances) => (instances.length ? target * instances.length : undefined)),
    utilization: minutes.map((instances) => (instances.length ? instances.reduce((a, b) => a + b, 0) : undefined)),
    size: minutes.map((instances) => instances.length),
  };
}

/** So many minutes alike. */
export function during(minutes: number, instances: Minute): Minute[] {
  return Array.from({ length: minutes }, () => instances);
}

/** Whether a threshold condition on points a minute apart ever fires: it has to hold for its whole duration. */
export function firesAbove(points: (number | undefined)[], threshold: number, seconds: number): boolean {
  return longest(points, (value) => value !== undefined && value > threshold) * 60 >= Math.max(seconds, 60);
}

/** Whether a condition on absence ever fires: a first point must have come, and then none for the duration. */
export function firesAbsent(points: (number | undefined)[], seconds: number): boolean {
  const first = points.findIndex((value) => value !== undefined);
  return first >= 0 && longest(points.slice(first), (value) => value === undefined) * 60 >= seconds;
}

function longest(points: (number | undefined)[], holds: (value: number | undefined) => boolean): number {
  let [run, most] = [0, 0];
  for (const value of points) {
    run = holds(value) ? run + 1 : 0;
    most = Math.max(most, run);
  }
  return most;
}
