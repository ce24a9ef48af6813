/** Changes to files that no muxer makes by itself. Pure. */

/** A file without its end. @param share of it that stays */
export function cutOff(share: number): (bytes: Buffer) => Buffer {
  return (bytes) => bytes.subarray(0, Math.floor(bytes.length * share));
}

/** Puts the same word wherever another of the same length is, in the head of a file. */
export function renamed(from: string, to: string): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const changed = Buffer.from(bytes);
    let times = 0;
    for (let at = changed.indexOf(from); at !== -1; at = changed.indexOf(from, at + 1), times++)
      changed.write(to, at, 'latin1');
    if (times === 0) throw new Error(`there is no ${from}`);
    return changed;
  };
}

/** Where the length stands in a box of version 0, counted from its name. */
const lengthAt: Record<string, number> = { mvhd: 20, mdhd: 20, tkhd: 24, mehd: 8 };

/** Writes a length into all headers of an MP4 that have one: all ones say that it is not known. */
export function withLength(length: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const changed = Buffer.from(bytes);
    for (const [name, offset] of Object.entries(lengthAt))
      for (let at = changed.indexOf(name); at !== -1; at = changed.indexOf(name, at + 4))
        changed.writeUInt32BE(length, at + offset);
    return changed;
  };
}

/** Up to the first box of a name: an MP4 without its pictures. */
export function upTo(name: string): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const at = bytes.indexOf(name);
    if (at < 4) throw new Error(`there is no ${name}`);
    return bytes.subarray(0, at - 4);
  };
}

/** Writes a display matrix into the first track of an MP4 that has pictures: of the four numbers that turn and mirror. */
export function displayed(matrix: [a: number, b: number, c: number, d: number]): (bytes: Buffer) => Buffer {
  const [a, b, c, d] = matrix.map((number) => number * 0x10000);
  return (bytes) => {
    const changed = Buffer.from(bytes);
    for (let at = changed.indexOf('tkhd'); at !== -1; at = changed.indexOf('tkhd', at + 4)) {
      const from = at + 4 + 40;
      if (changed.readUInt32BE(from + 36) === 0) continue;
      [a, b, 0, c, d, 0].forEach((value, place) => changed.writeInt32BE(value ?? 0, from + 4 * place));
      return changed;
    }
    throw new Error('no track with a picture');
  };
}

/** Files one after another. */
export function inTurn(...files: Buffer[]): Buffer {
  return Buffer.concat(files);
}
