/** Columns of numbers, for hours of pictures. Pure. */

/** How many of these ascending numbers lie below a limit. */
export function countBefore(numbers: Float64Array, limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The one in the middle; 0 for none. */
export function median(numbers: Float64Array): number {
  return numbers.slice().sort()[numbers.length >> 1] ?? 0;
}

/** The greatest of what is made of each; too many for the arguments of one call. */
export function greatest(numbers: Float64Array, of: (value: number, at: number) => number): number {
  return numbers.reduce((most, value, at) => Math.max(most, of(value, at)), 0);
}

/** Containers and ffprobe count in microseconds; what arithmetic adds behind them is noise. */
export function micro(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** Numbers that grow in number: an ordinary array of as many takes several times the memory. */
export class Column {
  length = 0;
  private room = new Float64Array(1024);

  push(value: number): void {
    if (this.length === this.room.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.room);
      this.room = larger;
    }
    this.room[this.length++] = value;
  }

  at(place: number): number | undefined {
    return place < this.length ? this.room[place] : undefined;
  }

  values(): Float64Array {
    return this.room.slice(0, this.length);
  }
}
