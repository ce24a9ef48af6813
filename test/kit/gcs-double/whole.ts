import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Fault } from './faults.ts';
import { resourceOf, type Described, type Expected, type Objects } from './objects.ts';
import { expectedHashes, receiveBody } from './receive.ts';
import { header, Refusal, sendJson, type Call } from './reply.ts';

/** Uploads in one request: the bytes alone (`media`), or after a part of JSON that describes them (`multipart`). */
export async function takeWhole(call: Call, objects: Objects, fault: Fault | null): Promise<void> {
  const file = objects.newFile();
  if (!(await receiveBody(call, file, { fault }))) return rm(file, { force: true });
  const multipart = call.url.searchParams.get('uploadType') === 'multipart';
  const said = multipart ? await splitParts(call, file) : { contentType: header(call, 'content-type') };
  const name = call.url.searchParams.get('name') ?? said.name;
  if (!name) throw new Refusal(400, 'required', 'An object needs a name.');
  const expected: Expected = {
    generation: call.url.searchParams.get('ifGenerationMatch') ?? undefined,
    crc32c: said.crc32c,
    md5: said.md5Hash,
    ...expectedHashes(call),
  };
  const { contentType, metadata } = said;
  const stored = await objects.store(name, file, { contentType, metadata }, expected).catch(async (error: unknown) => {
    await rm(file, { force: true });
    throw error;
  });
  sendJson(call, resourceOf(objects.bucket, stored));
}

interface Said extends Described {
  name?: string;
  crc32c?: string;
  md5Hash?: string;
}

/** Leaves the second part in the file and answers the first. Such uploads are small, so they may be held in memory. */
async function splitParts(call: Call, file: string): Promise<Said> {
  const boundary = /boundary="?([^";]+)"?/.exec(header(call, 'content-type') ?? '')?.[1];
  if (!boundary) throw new Refusal(400, 'invalid', 'Multipart without a boundary.');
  const body = await readFile(file);
  const mark = Buffer.from(`--${boundary}`);
  const first = body.indexOf(mark) + mark.length;
  const second = body.indexOf(mark, first);
  const end = body.indexOf(Buffer.from(`\r\n--${boundary}--`), second);
  if (second < 0 || end < 0) throw new Refusal(400, 'invalid', 'Multipart without two parts.');
  const described = contentOf(body.subarray(first, second));
  await writeFile(file, contentOf(body.subarray(second + mark.length, end)));
  return JSON.parse(described.toString()) as Said;
}

function contentOf(part: Buffer): Buffer {
  const blank = /\r?\n\r?\n/.exec(part.toString('latin1'));
  return part.subarray(blank ? blank.index + blank[0].length : 0);
}
