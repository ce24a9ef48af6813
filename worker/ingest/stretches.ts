/**
 * Where a stream lies in time, told by its packets in any order. Pure.
 *
 * A stream has a beginning and an end; but a single time stamp hours away from all others says nothing about either. So
 * packets are kept as stretches without a long gap, and a stretch of a few packets far from the rest is a stray.
 */
export class Stretches {
  /** In the order in which they came to be. */
  private readonly found: { from: number; to: number; packets: number }[] = [];

  /** @param from time of a packet, in seconds. @param to when it ends */
  add(from: number, to: number): void {
    const near = this.found.findLast((one) => from > one.from - longestGap && from < one.to + longestGap);
    if (near) {
      near.from = Math.min(near.from, from);
      near.to = Math.max(near.to, to);
      near.packets++;
    } else if (this.found.length < mostStretches) {
      this.found.push({ from, to, packets: 1 });
    }
  }

  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  /** Packets far from all others. */
  get strays(): number {
    return (
      this.found.reduce((sum, { packets }) => sum + packets, 0) -
      this.real.reduce((sum, { packets }) => sum + packets, 0)
    );
  }

  /** Beginning and end without strays; null where there is no packet. */
  get span(): { from: number; to: number } | null {
    const { real } = this;
    if (real.length === 0) return null;
    return { from: Math.min(...real.map(({ from }) => from)), to: Math.max(...real.map(({ to }) => to)) };
  }

  private get real() {
    const most = Math.max(0, ...this.found.map(({ packets }) => packets));
    return this.found.filter(({ packets }) => packets > mostStray || most <= mostStray);
  }
}

/** Seconds without a packet after which another stretch begins. Pictures may be held for longer; see `strays.ts`. */
const longestGap = 30;
const mostStray = 3;

/** More are those of a file that was made to be expensive. */
const mostStretches = 100;
