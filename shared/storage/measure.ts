import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { TooManyBytes, type Stored } from './storage.ts';

/** Counts and hashes what flows through, and stops it past the cap. */
export function measure(maxBytes = Infinity): { through: Transform; stored: () => Stored } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) return done(new TooManyBytes(maxBytes));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { through, stored: () => ({ bytes, sha256: hash.digest('hex') }) };
}
