import type { Description, Schema } from '../../reference/operations.ts';
import { words } from './texts.ts';
import { fieldsOf, limitWords, typeWords } from './type-words.ts';

/** Deeper than any schema of ours; one that named itself would have no end. */
const DEEPEST = 6;

interface FieldsProps {
  description: Description;
  schema: Schema;
  depth?: number;
}

/** The fields of an object, with those of the objects in it. */
export function Fields({ description, schema, depth = 0 }: FieldsProps) {
  const owner = fieldsOf(description, schema);
  if (!owner?.properties || depth > DEEPEST) return null;
  return (
    <ul class="plain fields">
      {Object.entries(owner.properties).map(([name, field]) => (
        <li key={name}>
          <Field description={description} name={name} schema={field} isRequired={owner.required?.includes(name)} />
          <Fields description={description} schema={field} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

interface FieldProps {
  description: Description;
  name: string;
  schema: Schema;
  isRequired?: boolean | undefined;
  /** Where it goes. */
  place?: string;
}

export function Field({ description, name, schema, isRequired, place }: FieldProps) {
  return (
    <p class="api-field">
      <code class="field-name">{name}</code> <code class="field-type">{typeWords(description, schema)}</code>
      {limitWords(schema).map((limit) => (
        <code key={limit} class="field-limit">
          {limit}
        </code>
      ))}
      {place && <span class="small"> {place}</span>}
      {isRequired && <span class="field-required"> {words.value.required}</span>}
      {schema.description && (
        <span class="field-says" lang="en">
          {schema.description}
        </span>
      )}
    </p>
  );
}
