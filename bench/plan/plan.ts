/** What was measured of a profile, on the machine that docs/figures.json names. */
export interface ProfileFigures {
  /** Processor seconds for one second of source, everything included. */
  cpuASecond: number;
  /** Of each part besides: claim, FFmpeg's start, bumpers, check, storing. */
  cpuAPart: number;
  partSeconds: number;
  /** Only so much of a source is made; null for all of it. */
  mostSeconds: number | null;
}

export interface Wanted {
  /** Hours of video a day. */
  hoursPerDay: number;
  /** From submission to the last clip, s. */
  deadline: number;
  /** Length of the videos for which that must hold, s. */
  video: number;
  /** The busiest hour over the average one. */
  peak: number;
  figures: ProfileFigures;
  vcpus: number;
  /** Dollars an hour. */
  price: number;
  /** How much faster a vCPU is than a core of the machine that was measured. */
  speed: number;
}

export interface Plan {
  /** Processor hours a day. */
  cpuHours: number;
  /** Machines that work all day, were the load the same at all times. */
  average: number;
  /** For the busiest hour. */
  forPeak: number;
  /** For one video to be done in time when the group was empty before. */
  forDeadline: number;
  /** The larger of the two: `workerMaximum`. */
  machines: number;
  machineHoursADay: number;
  dollarsADay: number;
  dollarsAnHourOfVideo: number;
}

/** From power-on to the first step, s: `bootSeconds` of the deployment, and the autoscaler's metric comes late. */
export const BOOT_SECONDS = 180;
export const METRIC_SECONDS = 120;
/** Part of a machine's time that it works: it boots, waits for the group to shrink, and is taken away in the middle. */
export const BUSY = 0.75;

/**
 * Machines and money for so much video. Answers what is wrong instead when no number of machines makes the deadline. Pure.
 */
export function planFleet(wanted: Wanted): Plan | { problem: string } {
  const { hoursPerDay, deadline, video, peak, vcpus, price, speed } = wanted;
  const left = deadline - BOOT_SECONDS - METRIC_SECONDS;
  const longest = slotSeconds(Math.min(wanted.figures.partSeconds, video), wanted);
  if (left < longest) {
    const least = Math.ceil((BOOT_SECONDS + METRIC_SECONDS + longest) / 60);
    return { problem: `A group that was empty needs ${least} min at least: a machine boots, and one part is made.` };
  }
  const cpuHours = (hoursPerDay * 3600 * slotSeconds(video, wanted)) / video / 3600;
  const average = cpuHours / 24 / vcpus;
  const forPeak = Math.max(1, Math.ceil((average * peak) / BUSY));
  // Whole parts in a row on each slot.
  const inARow = Math.max(1, Math.floor(left / longest));
  const forDeadline = Math.ceil(Math.ceil(made(video, wanted) / wanted.figures.partSeconds) / inARow / vcpus);
  const machineHoursADay = cpuHours / vcpus / BUSY;
  const dollarsADay = machineHoursADay * price;
  return {
    ...{ cpuHours, average, forPeak, forDeadline, machines: Math.max(forPeak, forDeadline), machineHoursADay },
    ...{ dollarsADay, dollarsAnHourOfVideo: dollarsADay / hoursPerDay },
  };

  /** Of one slot, for a video of so many seconds. */
  function slotSeconds(seconds: number, { figures }: Wanted): number {
    const length = made(seconds, wanted);
    return (length * figures.cpuASecond + Math.ceil(length / figures.partSeconds) * figures.cpuAPart) / speed;
  }
}

function made(seconds: number, { figures }: Wanted): number {
  return Math.min(seconds, figures.mostSeconds ?? Infinity);
}
