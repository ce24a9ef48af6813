export interface Block {
  /** Good until the next block is asked for: they share their memory. */
  bytes: Buffer;
  /** Whether this is the end; only there a block may be short, or empty. */
  last: boolean;
}

/** What flows by, in blocks of one size. However much it is, only one block is held. */
export async function* inBlocks(pieces: AsyncIterable<Buffer>, size: number): AsyncGenerator<Block, void> {
  const block = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const piece of pieces) {
    for (let taken = 0; taken < piece.length;) {
      // Only now it is known that the full block is not the last.
      if (filled === size) {
        yield { bytes: block, last: false };
        filled = 0;
      }
      const copied = piece.copy(block, filled, taken);
      filled += copied;
      taken += copied;
    }
  }
  yield { bytes: block.subarray(0, filled), last: true };
}
