import { randomUUID } from 'node:crypto';
import { rm, truncate, writeFile } from 'node:fs/promises';
import type { Fault } from './faults.ts';
import { resourceOf, type Described, type Objects } from './objects.ts';
import { expectedHashes, receiveBody, sizeOf } from './receive.ts';
import { header, readJson, Refusal, sendJson, type Call } from './reply.ts';

/** What is not the end comes, and is kept, in multiples of this. */
const UNIT = 256 * 1024;

interface Session {
  name: string;
  described: Described;
  generation: string | undefined;
  declared: number | undefined;
  origin: string | undefined;
  file: string;
  persisted: number;
  /** Once it has become an object. */
  finished?: object;
}

/** Resumable uploads: a session, blocks, questions how far it has come, and its end. */
export class ResumableUploads {
  readonly #objects: Objects;
  readonly #sessions = new Map<string, Session>();

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** Sessions that have neither ended nor been cancelled. */
  get open(): number {
    return [...this.#sessions.values()].filter((session) => !session.finished).length;
  }

  async begin(call: Call): Promise<void> {
    const { url, request, response } = call;
    const resource = await readJson(call);
    const name = url.searchParams.get('name') ?? String(resource.name);
    const generation = url.searchParams.get('ifGenerationMatch') ?? undefined;
    this.#objects.assertGeneration(name, generation);
    const declared = header(call, 'x-upload-content-length');
    const id = randomUUID();
    const session: Session = {
      name,
      described: {
        contentType: (resource.contentType as string | undefined) ?? header(call, 'x-upload-content-type'),
        metadata: resource.metadata as Record<string, string> | undefined,
      },
      generation,
      declared: declared === undefined ? undefined : Number(declared),
      origin: header(call, 'origin'),
      file: this.#objects.newFile(),
      persisted: 0,
    };
    await writeFile(session.file, '');
    this.#sessions.set(id, session);
    const location = `http://${request.headers.host}${url.pathname}?uploadType=resumable&upload_id=${id}`;
    response.writeHead(200, { location, 'content-length': 0 }).end();
  }

  async go(call: Call, fault: Fault | null): Promise<void> {
    const id = call.url.searchParams.get('upload_id') ?? '';
    const session = this.#sessions.get(id);
    if (!session) throw new Refusal(404, 'notFound', 'There is no such upload.');
    this.#allowOrigin(call, session);
    if (call.request.method === 'OPTIONS') return void call.response.writeHead(204).end();
    if (call.request.method === 'DELETE') return this.#cancel(call, id, session);
    if (session.finished) {
      call.request.resume();
      return sendJson(call, session.finished);
    }
    await this.#take(call, session, fault);
  }

  async #take(call: Call, session: Session, fault: Fault | null): Promise<void> {
    const { start, isEnd } = rangeOf(call, session.persisted);
    if (start > session.persisted) throw new Refusal(503, 'invalid', 'There are bytes missing before these.');
    const options = { at: session.persisted, skip: session.persisted - start, fault };
    const whole = await receiveBody(call, session.file, options);
    const size = await sizeOf(session.file);
    const ended = whole && isEnd(size);
    session.persisted = ended ? size : size - (size % UNIT);
    await truncate(session.file, session.persisted);
    if (!whole) return;
    if (ended) {
      session.finished = await this.#finish(call, session);
      return sendJson(call, session.finished);
    }
    if (size % UNIT !== 0) throw new Refusal(400, 'invalid', `Blocks have a multiple of ${UNIT} bytes.`);
    this.#incomplete(call, session);
  }

  async #finish(call: Call, session: Session): Promise<object> {
    const expected = { generation: session.generation, size: session.declared, ...expectedHashes(call) };
    const { name, file, described } = session;
    const stored = await this.#objects.store(name, file, described, expected).catch(async (error: unknown) => {
      // A refused end cannot be mended: the session is gone.
      for (const [id, other] of this.#sessions) if (other === session) this.#sessions.delete(id);
      await rm(file, { force: true });
      throw error;
    });
    return resourceOf(this.#objects.bucket, stored);
  }

  async #cancel(call: Call, id: string, session: Session): Promise<void> {
    this.#sessions.delete(id);
    // What was stored stays.
    if (session.finished) return void call.response.writeHead(204).end();
    await rm(session.file, { force: true });
    call.response.writeHead(499, { 'content-length': 0 }).end();
  }

  #incomplete({ response }: Call, { persisted }: Session): void {
    const range = persisted > 0 ? { range: `bytes=0-${persisted - 1}` } : {};
    response.writeHead(308, { ...range, 'content-length': 0 }).end();
  }

  /** Only pages of the origin that the session was made for may send to it. */
  #allowOrigin(call: Call, { origin }: Session): void {
    if (!origin || header(call, 'origin') !== origin) return;
    call.response.setHeader('access-control-allow-origin', origin);
    call.response.setHeader('access-control-allow-methods', 'PUT');
    call.response.setHeader('access-control-allow-headers', 'content-type, content-range');
  }
}

interface Range {
  start: number;
  /** Whether the upload is whole with this size. */
  isEnd: (size: number) => boolean;
}

/** Where the body begins and what makes it whole; without a header, the body is the whole. */
function rangeOf(call: Call, persisted: number): Range {
  const range = header(call, 'content-range');
  if (range === undefined) return { start: 0, isEnd: () => true };
  const found = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(range);
  if (!found) throw new Refusal(400, 'invalid', `Content-Range: ${range}`);
  const [, start, end, total] = found;
  const streamed = end === '*' && total === '*';
  return {
    start: start === undefined ? persisted : Number(start),
    isEnd: (size) => streamed || Number(total) === size,
  };
}
