/** As much of OpenAPI 3.1 as our own description uses. */
export interface Description {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
}

interface Described {
  summary: string;
  tags: string[];
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<
    string,
    { description: string; headers?: Record<string, { description?: string }>; content?: Content }
  >;
}

type Content = Record<string, { schema: Schema }>;

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: Schema;
}

/** As much of JSON Schema as it uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
}

/** One route, as readers of it need it. */
export interface Operation {
  /** Names it in addresses: `post-tasks-id-retry`. */
  id: string;
  method: string;
  path: string;
  summary: string;
  tag: string;
  /** Whether it asks for a token. */
  owner: boolean;
  parameters: Parameter[];
  /** By media type. */
  bodies: [type: string, schema: Schema][];
  answers: Answer[];
}

export interface Answer {
  status: string;
  description: string;
  headers: [name: string, description: string][];
  /** By media type. */
  bodies: [type: string, schema: Schema][];
}

/** All routes, in the order of the description. Pure. */
export function operationsOf({ paths }: Description): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(method, path, described)),
  );
}

function operationOf(method: string, path: string, described: Described): Operation {
  const { summary, tags, security, parameters = [], requestBody, responses } = described;
  return {
    id: [method, ...path.split(/[^\w.]+/)].filter(Boolean).join('-'),
    method: method.toUpperCase(),
    ...{ path, summary, parameters },
    tag: tags[0] ?? '',
    owner: security !== undefined,
    bodies: bodiesOf(requestBody?.content),
    answers: Object.entries(responses).map(([status, { description, headers = {}, content }]) => ({
      status,
      description,
      headers: Object.entries(headers).map(([name, header]) => [name, header.description ?? '']),
      bodies: bodiesOf(content),
    })),
  };
}

function bodiesOf(content: Content = {}): [string, Schema][] {
  return Object.entries(content).map(([type, { schema }]) => [type, schema]);
}

const COMPONENTS = '#/components/schemas/';

/** What a schema means where it only names another, and that name. Pure. */
export function resolve(description: Description, schema: Schema): { name?: string; schema: Schema } {
  if (!schema.$ref) return { schema };
  const name = schema.$ref.slice(COMPONENTS.length);
  return { name, schema: description.components.schemas[name] ?? {} };
}
