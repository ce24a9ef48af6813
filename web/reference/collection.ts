import { exampleOf } from './example.ts';
import { operationsOf, type Description, type Operation, type Schema } from './operations.ts';
import { keepToken, originalRequests, type OriginalRequest } from './original-requests.ts';

/** Told to the service as what the reader's own variables hold. */
const variables: Record<string, string> = {
  email: '{{email}}',
  password: '{{password}}',
  password_2: '{{password}}',
  refresh_token: '{{refresh_token}}',
};

const json = [{ key: 'Content-Type', value: 'application/json' }];
const nobody = { type: 'noauth' };

/**
 * A Postman collection (v2.1, which Bruno and Insomnia read too) of all routes and of the requests of the original
 * clients. https://schema.getpostman.com/json/collection/v2.1.0/collection.json. Pure.
 */
export function collectionOf(description: Description) {
  const operations = operationsOf(description);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return {
    info: {
      name: description.info.title,
      description: `${description.info.description ?? ''} Set base_url, email and password; "Log in" keeps the token.`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      { key: 'base_url', value: 'http://127.0.0.1:8080' },
      { key: 'email', value: 'clara@example.com' },
      { key: 'password', value: 'Admin123' },
      ...['token', 'refresh_token', 'task_id'].map((key) => ({ key, value: '' })),
    ],
    item: [
      ...tags.map((tag) => ({
        name: tag,
        item: operations.filter((operation) => operation.tag === tag).map((one) => itemOf(description, one)),
      })),
      { name: 'as the original clients ask', item: originalRequests.map(originalItem) },
    ],
  };
}

function itemOf(description: Description, operation: Operation) {
  const { method, path, summary, owner, parameters, bodies } = operation;
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const header = of('header').map((one) => ({ ...valueOf(description, one), disabled: !one.required }));
  const query = of('query').map((one) => ({ ...valueOf(description, one), disabled: !one.required }));
  const [body] = bodies;
  return {
    name: summary,
    ...(keepsToken(operation) && { event: [onAnswer(keepToken)] }),
    request: {
      method,
      ...(!owner && { auth: nobody }),
      header: [...(body ? json : []), ...header],
      ...(body && { body: rawBody(JSON.stringify(withVariables(exampleOf(description, body[1])), null, 2)) }),
      url: {
        raw: `{{base_url}}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        host: ['{{base_url}}'],
        path: path
          .split('/')
          .slice(1)
          .map((name) => name.replace(/^\{(\w+)\}$/, ':$1')),
        ...(query.length > 0 && { query }),
        ...(of('path').length > 0 && { variable: of('path').map(({ name }) => ({ key: name, value: '{{task_id}}' })) }),
      },
    },
    response: [],
  };
}

function originalItem({ name, method, path, body, owner, script }: OriginalRequest) {
  const [address = '', query = ''] = path.split('?');
  const pairs = [...new URLSearchParams(query)].map(([key, value]) => ({ key, value }));
  return {
    name,
    ...(script && { event: [onAnswer(script)] }),
    request: {
      method,
      ...(!owner && { auth: nobody }),
      header: json,
      ...(body && { body: rawBody(body) }),
      url: {
        raw: `{{base_url}}${path}`,
        host: ['{{base_url}}'],
        path: address.split('/').slice(1),
        ...(pairs.length > 0 && { query: pairs }),
      },
    },
    response: [],
  };
}

function valueOf(description: Description, parameter: { name: string; description?: string; schema: Schema }) {
  const { name, schema, description: text } = parameter;
  return { key: name, value: String(exampleOf(description, schema, name)), ...(text && { description: text }) };
}

/** Log-ins and refreshes answer a token. */
function keepsToken({ path }: Operation): boolean {
  return path === '/auth/login' || path === '/auth/refresh';
}

function onAnswer(exec: string[]) {
  return { listen: 'test', script: { type: 'text/javascript', exec } };
}

function rawBody(raw: string) {
  return { mode: 'raw', raw, options: { raw: { language: 'json' } } };
}

function withVariables(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, variables[name] ?? value]));
}
