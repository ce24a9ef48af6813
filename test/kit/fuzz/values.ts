import fc from 'fast-check';
import { resolve, type Document, type JsonSchema } from '../openapi.ts';

/** Texts that have broken services before: markup of every kind, NUL, half characters, names of prototypes. */
const nasty = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'x\udfff',
    '\ufeff',
    '\u202e',
    'ÿ'.repeat(300),
    '😀'.repeat(60),
    'a'.repeat(5_000),
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', 'Infinity', '-0', '1e400'],
  ...["' or 1=1 --", '$1', ':id', '?', '%', '%00', '../../etc/passwd', '{{7*7}}', '${7*7}', '<script>', '\r\nx: y'],
  ...['0199aaaa-0000-7000-8000-000000000000', '2026-01-01T00:00:00Z', 'idrl', 'file:///etc/passwd', 'http://[::1]/'],
];

const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 300 }),
);
const number = fc.oneof(
  fc.constantFrom(0, -0, -1, 1e308, 2 ** 53, -(2 ** 63), 0.1, 2 ** 31),
  fc.double({ noNaN: true }),
  fc.integer(),
);

/** Anything that JSON can say, nested and named as nobody would. */
export const wild: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom('url', 'bytes', 'id')), tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** What the document cannot say: values that get further than the first look. */
const honest: Record<string, fc.Arbitrary<unknown>> = {
  url: fc.constantFrom('https://example.com/video.mp4', 'http://cdn.example.org/a?b=c'),
  profile: fc.constantFrom('idrl', 'anb'),
};

/** Right by a schema of the document. */
export function valid(document: Document, named: JsonSchema): fc.Arbitrary<unknown> {
  const schema = resolve(document, named);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices && !schema.properties) return fc.oneof(...choices.map((choice) => valid(document, choice)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const type: string = [schema.type ?? []].flat()[0] ?? '';
  switch (type) {
    case 'object':
      return object(document, schema);
    case 'array':
      return fc.array(schema.items ? valid(document, schema.items) : wild, { maxLength: 3 });
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? -100, -(2 ** 31)),
        max: Math.min(schema.maximum ?? 2 ** 31 - 1, 2 ** 31 - 1),
      });
    case 'number':
      return fc.double({ noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return string(schema);
    default:
      return wild;
  }
}

function object(document: Document, { properties = {}, required = [], oneOf = [] }: JsonSchema): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, honest[name] ?? valid(document, field)]),
  );
  const either = oneOf.flatMap((choice) => choice.required ?? []);
  const requiredKeys = [...required].filter((name) => name in fields);
  const whole = fc.record(fields, { requiredKeys });
  if (either.length === 0) return whole;
  return fc.tuple(whole, fc.constantFrom(...either)).map(([made, chosen]) => {
    const others = either.filter((name) => name !== chosen);
    return Object.fromEntries(Object.entries(made as object).filter(([name]) => !others.includes(name)));
  });
}

function string({ format, minLength = 0, maxLength = 60 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'email') return fc.emailAddress();
  const length = { minLength, maxLength: Math.min(maxLength, 300) };
  return fc.oneof(
    fc.constant('https://example.com/video.mp4'),
    fc.string(length),
    fc.string({ ...length, unit: 'binary' }),
  );
}

/** Right but for one thing: a field that is missing, is something else, or has no business there. */
export function nearly(document: Document, schema: JsonSchema): fc.Arbitrary<unknown> {
  const change = fc.tuple(fc.nat(), fc.constantFrom('drop', 'replace', 'add'), text, wild);
  return fc.tuple(valid(document, schema), change).map(([made, [at, how, name, value]]) => {
    const entries = Object.entries(made as object);
    const field = entries.length > 0 ? at % entries.length : 0;
    if (how === 'add' || entries.length === 0) return Object.fromEntries([...entries, [name, value]]);
    if (how === 'drop') return Object.fromEntries(entries.filter((_, index) => index !== field));
    return Object.fromEntries(entries.map(([key, old], index) => [key, index === field ? value : old]));
  });
}
