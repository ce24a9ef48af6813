import { resolve, type Description, type Schema } from '../../reference/operations.ts';

/** What a value may be, in the signs of code, which every language reads: `string (uuid) | null`, `Clip[]`. Pure. */
export function typeWords(description: Description, given: Schema): string {
  const { name, schema } = resolve(description, given);
  if (name) return name;
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice && !schema.properties) return choice.map((one) => typeWords(description, one)).join(' | ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const types = [schema.type ?? 'any'].flat().map((type) => oneType(description, schema, type));
  return types.join(' | ');
}

function oneType(description: Description, { items, format }: Schema, type: string): string {
  if (type === 'array') {
    const inner = typeWords(description, items ?? {});
    return inner.includes(' | ') ? `(${inner})[]` : `${inner}[]`;
  }
  return format && type !== 'null' ? `${type} (${format})` : type;
}

/** Its limits: `1 … 100`, `≤ 64`, `= 20` for what it is when it is left out. Pure. */
export function limitWords({ minimum, maximum, exclusiveMinimum, minLength, maxLength, pattern, ...rest }: Schema) {
  const [least, most] = [minimum ?? minLength, maximum ?? maxLength];
  const isBounded = most !== undefined && most < Number.MAX_SAFE_INTEGER;
  const range = least !== undefined && isBounded ? `${least} … ${most}` : isBounded ? `≤ ${most}` : '';
  return [
    range || (least !== undefined && least > Number.MIN_SAFE_INTEGER ? `≥ ${least}` : ''),
    exclusiveMinimum === undefined ? '' : `> ${exclusiveMinimum}`,
    pattern ? `/${pattern}/` : '',
    rest.default === undefined ? '' : `= ${JSON.stringify(rest.default)}`,
  ].filter(Boolean);
}

/** The object whose fields are worth showing below a value: its own, or those of what it is a list of. Pure. */
export function fieldsOf(description: Description, given: Schema): Schema | null {
  const { schema } = resolve(description, given);
  if (schema.properties) return schema;
  if (schema.items) return fieldsOf(description, schema.items);
  return null;
}
