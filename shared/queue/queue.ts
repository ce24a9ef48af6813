import type { Slot } from './slots.ts';

/**
 * What rings when there is work. The row is the truth, the message is a doorbell: a lost, repeated or late one does no
 * harm, since the claim decides which step is taken and the sweep announces again.
 */
export interface Queue {
  /**
   * Says that `steps` steps are ready. Called after the commit, outside the request; may fail or be lost.
   *
   * @param trace W3C trace context of what made them ready
   */
  announce(steps: number, trace?: string): Promise<void>;

  /**
   * Asks for work whenever there may be some, and does at most `slots` pieces of it at once; those without their slot are
   * not counted.
   *
   * @param claim takes a step and answers its work, or null when nothing is ready
   */
  subscribe(slots: number, claim: Claim): Promise<Subscription>;

  /** Throws when the queue is not there. One that is away for a while is no error: the rows wait. */
  check(): Promise<void>;

  close(): Promise<void>;
}

/** Never throws: a step that fails is written down as failed. */
export type Work = (slot: Slot) => Promise<void>;
export type Claim = () => Promise<Work | null>;

export interface Subscription {
  /** Claims no more. Resolves when the work that runs has ended. */
  close(): Promise<void>;
}
