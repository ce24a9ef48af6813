/** What keeps the promises. Each names the place in the code that it stands for. */
export const guards = {
  /** `claimStep` chooses and takes in one statement. */
  claimInOneStatement: true,
  /** `finishIngest`, `finishClip` and `finishTask` name attempt, worker and state. */
  fenceFinish: true,
  /** So does `failStep`. */
  fenceFail: true,
  /** So does `releaseStep`. */
  fenceRelease: true,
  /** So does `renewLeases`. */
  fenceRenew: true,
  /** `failStep` for the sweep: the lease is still run out. */
  expiredStill: true,
  /** `finishClip` counts parts in the row that it has locked. */
  countInTheRow: true,
  /** `cancelTask` looks for steps after it has the task. */
  cancelLooksAgain: true,
  /** `clipKey` and `fetchedSourceKey` hold the attempt. */
  attemptInKey: true,
  /** `removeUnreferenced` asks the row before it removes what a refused attempt stored. */
  askTheRow: true,
  /** `sweepSteps` makes leases that ran out wait again. */
  takeBackExpired: true,
  /** A claim counts as a try even if its worker was killed. */
  countLostWorkers: true,
  /** `sweepSteps` announces what is known to be unheard. */
  announceUnheard: true,
  /** `sweepSteps` announces what waits while nobody works. */
  announceWhenNobodyWorks: true,
};

export type Guards = typeof guards;
