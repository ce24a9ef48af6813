import { register } from 'tsx/esm/api';

// Pulumi loads policies with a TypeScript loader of its own that knows no ESM; from here on it is tsx. Not awaited,
// because Pulumi requires this file, and what is required cannot wait. A failure ends the process by itself.
register();
void import('./pack.ts');
