import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Document, Operation } from '../openapi.ts';
import { nearly, valid, wild } from './values.ts';

export interface Body {
  bytes: Buffer;
  headers: Record<string, string>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const none: fc.Arbitrary<Body> = fc.constant({ bytes: Buffer.alloc(0), headers: {} });

/** Texts that are no JSON, or more than JSON should be. */
const broken = fc.constantFrom(
  ...[
    '',
    '{',
    '{"url":',
    '[]',
    '"text"',
    'null',
    '1e999',
    '{"bytes":1e999}',
    '{"a":1,"a":2}',
    '\ufeff{}',
    "{'url':1}",
    '{}{}',
  ],
  ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}', '{"url":"\\ud800"}', '{"url":"\\u0000"}'],
  ...['['.repeat(20_000), '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000), JSON.stringify({ url: 'x'.repeat(70_000) })],
);

const oddTypes = fc.constantFrom(
  ...[
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'x',
    '/',
  ],
  ...['application/json; charset=nonsense', 'application/problem+json', 'APPLICATION/JSON', 'multipart/form-data', ''],
);

/** What a request of an operation may carry, from right to nonsense. */
export function bodies(
  document: Document,
  operation: Operation,
  { seldomValid }: { seldomValid: boolean },
): fc.Arbitrary<Body> {
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (!schema) return fc.oneof({ weight: 4, arbitrary: none }, { weight: 1, arbitrary: wild.map(asJson) });
  const right = valid(document, schema).map(asJson);
  const wrong = fc.oneof(wild.map(asJson), broken.map(asJson));
  const plain = fc.oneof(
    { weight: seldomValid ? 0 : 4, arbitrary: right },
    { weight: seldomValid ? 1 : 6, arbitrary: nearly(document, schema).map(asJson) },
    { weight: seldomValid ? 12 : 3, arbitrary: wrong },
  );
  const multipart = operation.requestBody?.content['multipart/form-data'];
  return fc.oneof(
    { weight: 8, arbitrary: plain },
    {
      weight: 1,
      arbitrary: fc
        .tuple(seldomValid ? wrong : plain, fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'identity', 'x'))
        .map(packed),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(plain, oddTypes).map(([body, type]) => ({ ...body, headers: { 'content-type': type } })),
    },
    { weight: multipart ? 4 : 0, arbitrary: forms },
  );
}

function asJson(value: unknown): Body {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { bytes: Buffer.from(text), headers: JSON_TYPE };
}

/** Packed as said, or only said to be; one in a while is a bomb. */
function packed([body, encoding]: [Body, string]): Body {
  const bytes =
    encoding === 'gzip'
      ? gzipSync(Buffer.concat([body.bytes, Buffer.alloc(body.bytes.length > 40 ? 2_000_000 : 0)]))
      : encoding === 'deflate'
        ? deflateRawSync(body.bytes)
        : body.bytes;
  return { bytes, headers: { ...body.headers, 'content-encoding': encoding } };
}

const field = fc.tuple(
  fc.constantFrom('video', 'profile', 'priority', 'external_id', '__proto__', 'url', '', 'x"y', 'a\0b'),
  fc.oneof(fc.constantFrom('idrl', 'anb', '5', '-11', 'high', '\0', ''), fc.string({ unit: 'binary', maxLength: 60 })),
  fc.constantFrom('', '; filename="a.mp4"', '; filename="../../a\0.mp4"', "; filename*=utf-8''%00%ff", '; filename=""'),
);

/** Forms with a field too many, too odd or none, cut off or without a boundary. */
const forms: fc.Arbitrary<Body> = fc
  .tuple(fc.array(field, { maxLength: 5 }), fc.constantFrom('whole', 'whole', 'cut', 'unnamed', 'other'), fc.boolean())
  .map(([fields, how, withFile]) => {
    const parts = fields.map(
      ([name, value, file]) => `--x\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`,
    );
    if (withFile)
      parts.push('--x\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nno video\r\n');
    const text = `${parts.join('')}--x--\r\n`;
    const boundary = how === 'unnamed' ? '' : `; boundary=${how === 'other' ? 'y' : 'x'}`;
    const bytes = Buffer.from(how === 'cut' ? text.slice(0, text.length / 2) : text);
    return { bytes, headers: { 'content-type': `multipart/form-data${boundary}` } };
  });
