import assert from 'node:assert/strict';
import { z } from 'zod';

/** As much of JSON Schema as our own document uses. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  format?: string;
}

export interface Operation {
  parameters?: { name: string; in: 'path' | 'query' | 'header'; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { content?: Record<string, { schema: JsonSchema }> }>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

/** The service's description of itself. */
export async function readDocument(url: string): Promise<Document> {
  const response = await fetch(`${url}/openapi.json`);
  assert.equal(response.status, 200);
  return (await response.json()) as Document;
}

const COMPONENTS = '#/components/schemas/';

/** What a schema of the document means, with names looked up. */
export function resolve(document: Document, schema: JsonSchema): JsonSchema {
  if (!schema.$ref) return schema;
  const found = document.components.schemas[schema.$ref.slice(COMPONENTS.length)];
  assert.ok(found, schema.$ref);
  return resolve(document, found);
}

/** Says what is wrong with an answer's body by the schema of its status, or null. Made from the document alone. */
export function checkerOf(document: Document): (operation: Operation, status: number, body: unknown) => string | null {
  const made = new Map<JsonSchema, z.ZodType>();
  const definitions = JSON.parse(
    JSON.stringify(document.components.schemas).replaceAll(COMPONENTS, '#/$defs/'),
  ) as object;
  const checkOf = (schema: JsonSchema) => {
    const text = JSON.stringify(schema).replaceAll(COMPONENTS, '#/$defs/');
    const whole = { ...(JSON.parse(text) as object), $defs: definitions };
    return z.fromJSONSchema(whole as Parameters<typeof z.fromJSONSchema>[0]);
  };
  return (operation, status, body) => {
    const declared = operation.responses[status];
    if (!declared) return `the status ${status} is not declared`;
    const schema = Object.values(declared.content ?? {})[0]?.schema;
    if (!schema) return body === undefined || body === '' ? null : 'there is a body where none is declared';
    let check = made.get(schema);
    if (!check) made.set(schema, (check = checkOf(schema)));
    const result = check.safeParse(body);
    return result.success ? null : result.error.message;
  };
}
