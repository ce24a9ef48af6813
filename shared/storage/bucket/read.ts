import type { File } from '@google-cloud/storage';
import { addAbortSignal, type Readable } from 'node:stream';
import { again } from './again.ts';
import { TookTooLong } from './failure.ts';
import type { Limits } from './limits.ts';

export interface Range {
  start: number;
  end: number;
}

/** Reads an object or a range of it. What is read whole is checked against its checksum by the client. */
export function openRead(file: File, range: Range | undefined, limits: Limits, signal?: AbortSignal) {
  const once = () => {
    const stream = file.createReadStream({ ...range, decompress: false });
    return answered(signal ? addAbortSignal(signal, stream) : stream, limits.callMs);
  };
  return again('read a file', once, { limits, signal });
}

/** Waits for the answer, so that "there is no such file" comes before the caller has begun to read. */
function answered(stream: Readable, withinMs: number): Promise<Readable> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => stream.destroy(new TookTooLong('The answer to a read', withinMs)), withinMs);
    // Stays: between the answer and the caller's first look nobody else would hear of an error.
    stream.on('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    stream.once('response', ({ statusCode }: { statusCode: number }) => {
      // The error that follows a refusal says more than its status.
      if (statusCode >= 300) return;
      clearTimeout(late);
      resolve(stream);
    });
    // The client asks when it is first read from.
    stream.read(0);
  });
}
