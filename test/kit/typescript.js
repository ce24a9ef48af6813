import { register } from 'node:module';

// `node --import …/typescript.js?from=<folder>`: reads the TypeScript of this checkout as `transform.ts` has left it in
// the folder. tsx would take 0.15 to 0.4 s of the processor for each process, and a run of the tests has hundreds.
process.setSourceMapsEnabled(true);
register('./typescript-hooks.js', import.meta.url, { data: new URL(import.meta.url).searchParams.get('from') });
