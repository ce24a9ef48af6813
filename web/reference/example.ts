import { resolve, type Description, type Schema } from './operations.ts';

/** By the name of the field, where its type does not tell what is meant. */
const byName: Record<string, unknown> = {
  username: 'clara',
  url: 'https://example.com/video.mp4',
  name: 'video.mp4',
  bytes: 1_000_000,
};

const byFormat: Record<string, string> = {
  email: 'clara@example.com',
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
  'date-time': '2030-01-31T12:00:00.000Z',
  uri: 'https://example.com/video.mp4',
};

/**
 * A value that fits a schema: of an object the fields that must be there. Pure.
 *
 * @param name of the field that it is for
 */
export function exampleOf(description: Description, given: Schema, name = ''): unknown {
  const { schema } = resolve(description, given);
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.properties) return objectOf(description, schema);
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice?.[0]) return exampleOf(description, choice[0], name);
  const [type] = [schema.type].flat();
  if (type === 'object') return {};
  if (type === 'array') return schema.items ? [exampleOf(description, schema.items)] : [];
  if (type === 'boolean') return true;
  if (byName[name] !== undefined) return byName[name];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  return byFormat[schema.format ?? ''] ?? byFormat[name] ?? `<${name || 'text'}>`;
}

function objectOf(description: Description, { properties = {}, required, oneOf }: Schema): Record<string, unknown> {
  const names = required ?? oneOf?.[0]?.required ?? [];
  return Object.fromEntries(names.map((name) => [name, exampleOf(description, properties[name] ?? {}, name)]));
}
