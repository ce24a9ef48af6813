import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Transform } from 'node:stream';
import { Refusal, type Call } from './reply.ts';

export type Fault =
  /** Answered with an error. */
  | { status: number }
  /** The connection is cut when this much of the body has come or gone. */
  | { cutAfter: number }
  /** The connection is cut after the deed and before the answer. */
  | { loseAnswer: true }
  /** Answered only after this many ms, when the deed is long done. */
  | { holdAnswer: number }
  /** One bit of the body is another when it arrives. */
  | { flip: true }
  /** Answered this much later, in ms; the deed is late too. */
  | { delay: number }
  /** The answer's body comes this slowly: a pause in ms before each piece. */
  | { drip: number };

interface Rule {
  when: RegExp;
  times: number;
  fault: Fault;
}

/** What the double is told to do wrong. */
export class Faults {
  #rules: Rule[] = [];

  /**
   * @param when matched against `PUT /path?query`
   * @param times how many of the matching calls
   */
  add(when: RegExp, fault: Fault, times = 1): void {
    this.#rules.push({ when, times, fault });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault of this call, counted. */
  take({ request }: Call): Fault | null {
    const rule = this.#rules.find(({ when, times }) => times > 0 && when.test(`${request.method} ${request.url}`));
    if (!rule) return null;
    rule.times--;
    return rule.fault;
  }
}

/** What comes before the deed. */
export async function suffer(call: Call, fault: Fault | null): Promise<void> {
  if (!fault) return;
  if ('delay' in fault) await pause(fault.delay, undefined, { ref: false });
  if ('holdAnswer' in fault) {
    const end = call.response.end.bind(call.response);
    call.response.end = (...args: unknown[]) => {
      setTimeout(() => void end(...(args as [])), fault.holdAnswer).unref();
      return call.response;
    };
  }
  if ('loseAnswer' in fault) {
    call.response.end = () => {
      call.request.socket.destroy();
      return call.response;
    };
  }
  if ('status' in fault) {
    call.request.resume();
    throw new Refusal(fault.status, 'backendError', `told to fail with ${fault.status}`);
  }
}

/** What becomes of a body on its way. */
export function throughFault(request: IncomingMessage, fault: Fault | null): Transform {
  if (fault && 'cutAfter' in fault) return cutter(request, fault.cutAfter);
  if (fault && 'flip' in fault) return flipper();
  const pauseMs = fault && 'drip' in fault ? fault.drip : 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      if (pauseMs === 0) return done(null, piece);
      setTimeout(() => done(null, piece), pauseMs).unref();
    },
  });
}

function cutter(request: IncomingMessage, after: number): Transform {
  let left = after;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      const rest = piece.subarray(0, left);
      left -= rest.length;
      this.push(rest);
      if (left > 0) return done();
      // What was let through gets there first.
      setImmediate(() => {
        request.socket.destroy();
        done(new Error('cut'));
      });
    },
  });
}

function flipper(): Transform {
  let first = true;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      if (first) piece[0] = (piece[0] ?? 0) ^ 1;
      first = false;
      done(null, piece);
    },
  });
}
