import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';

const HEAD = '/** The API as types, made of /openapi.json by `npm run client`. Changed there, not here. */\n\n';

/** The types of a service's API, as `client/schema.d.ts` keeps them. */
export async function clientTypes(url: string): Promise<string> {
  const answer = await fetch(`${url}/openapi.json`);
  const types = await openapiTypescript((await answer.json()) as OpenAPI3, { alphabetize: true });
  return HEAD + astToString(types);
}
