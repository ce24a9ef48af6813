import { METHODS } from 'node:http';
import fc from 'fast-check';
import type { Document, Operation } from '../openapi.ts';
import { bodies, type Body } from './bodies.ts';
import { valid } from './values.ts';

export interface FuzzRequest extends Body {
  method: string;
  path: string;
  /** The operation that has to have answered; null where nobody says which. */
  operation: Operation | null;
}

export interface Known {
  /** Values of the header Authorization: good ones, and such as never were. */
  authorizations: string[];
  /** Of tasks and uploads that there are. */
  ids: string[];
}

/** Every request of these runs a hash that is meant to be slow, so most of them stop before it. */
const HASHING = ['/auth/signup', '/auth/login'];

const seldom = <T>(value: fc.Arbitrary<T>, other: T) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(other) }, { weight: 1, arbitrary: value });
/** As Node lets a header be sent. */
const headerText = fc
  .string({ unit: 'binary-ascii', maxLength: 80 })
  .map((text) => text.replaceAll(/[^\x20-\x7e]/g, '~'));

/** Requests to one operation, with whatever may come with them. */
export function requestsTo(document: Document, path: string, method: string, known: Known): fc.Arbitrary<FuzzRequest> {
  const operation = document.paths[path]?.[method] as Operation;
  const segment = fc.oneof(
    fc.constantFrom(...known.ids),
    fc.uuid(),
    fc.constantFrom('1', '-', 'é', '%', '%00', '..', '.', 'a%2fb', '%2e%2e', 'constructor', 'x'.repeat(2_000)),
  );
  return fc
    .record({
      segment,
      query: queryOf(document, operation),
      body: bodies(document, operation, { seldomValid: HASHING.includes(path) }),
      headers: headersOf(known),
      odd: seldom(fc.constantFrom(...METHODS.filter((name) => name !== 'CONNECT')), ''),
      slashes: seldom(fc.constantFrom('//', '/'), ''),
    })
    .map(({ segment, query, body, headers, odd, slashes }) => {
      const asked = path.replaceAll(/\{\w+\}/g, encodable(segment));
      // Dots and slashes make another path of it, and a client may have its own way with them.
      const tricked = /\{/.test(path) && /^\.|%2f|%2e/i.test(segment);
      return {
        method: odd || method.toUpperCase(),
        path: `${slashes === '//' ? '/' : ''}${asked}${query}`,
        operation: tricked || (odd && odd !== method.toUpperCase()) ? null : operation,
        bytes: body.bytes,
        headers: { ...headers, ...body.headers },
      };
    });
}

/** Requests to whatever else is there, or is not. */
export function requestsElsewhere(known: Known): fc.Arbitrary<FuzzRequest> {
  const paths = [
    '/media/clips/x',
    '/media/',
    '/media/../signing-secret',
    '/uploads/sources/x/upload',
    '/uploads/',
    '/metrics',
    '/.well-known/security.txt',
    '/%',
    '/%ff',
    '/nothing',
    '*',
    '/tasks/',
    '/TASKS',
    '//',
    '/\\',
  ];
  const query = fc.constantFrom(
    '',
    '?expires=9999999999&signature=x',
    '?bytes=5&expires=9999999999&signature=%00',
    '?a[b]=c&__proto__[x]=1',
    '?%',
    '??',
  );
  return fc
    .record({
      path: fc.constantFrom(...paths),
      query,
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE'),
      headers: headersOf(known),
      bytes: fc.constantFrom(Buffer.alloc(0), Buffer.from('12345')),
    })
    .map(({ path, query, method, headers, bytes }) => ({
      method,
      path: path + query,
      headers,
      bytes,
      operation: null,
    }));
}

function queryOf(document: Document, operation: Operation): fc.Arbitrary<string> {
  const names = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const pairs = names.map(({ name, schema }) =>
    fc
      .option(fc.oneof(valid(document, schema).map(String), fc.string({ unit: 'binary', maxLength: 20 })), {
        nil: null,
      })
      .map((value) => (value === null ? [] : [[name, wellFormed(value)]])),
  );
  const odd = fc.constantFrom(
    '',
    '',
    '',
    'max=1&max=2',
    'max[]=1',
    '__proto__=1',
    'cursor=%00',
    'a=%',
    '&&&',
    `x=${'y'.repeat(3_000)}`,
  );
  return fc.tuple(fc.tuple(...pairs), odd).map(([given, more]) => {
    const query = [new URLSearchParams(given.flat() as [string, string][]).toString(), more].filter(Boolean).join('&');
    return query && `?${query}`;
  });
}

function headersOf({ authorizations }: Known): fc.Arbitrary<Record<string, string>> {
  return fc
    .record({
      authorization: fc.constantFrom(...authorizations),
      'idempotency-key': seldom(fc.oneof(headerText, fc.constant('k'.repeat(300)), fc.constant('the same')), ''),
      'x-request-id': seldom(headerText, ''),
      traceparent: seldom(headerText, ''),
      range: seldom(fc.constantFrom('bytes=0-1', 'bytes=-', 'bytes=9-1', 'x'), ''),
      'x-forwarded-for': seldom(fc.constantFrom('1.2.3.4', 'nonsense', '::1, 10.0.0.1'), ''),
      accept: seldom(fc.constantFrom('text/html', '*/*;q=x', 'nonsense'), ''),
      [`x-${'y'.repeat(30)}`]: seldom(headerText, ''),
    })
    .map((headers) => Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== '')));
}

/** What Node lets be sent as a path. */
function encodable(segment: string): string {
  return segment.replaceAll(/[^\x21-\x7e]/g, (character) => encodeURIComponent(wellFormed(character)));
}

/** Half characters have no place in an address. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
