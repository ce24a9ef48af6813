import type { Context, Middleware } from 'koa';
import type { Settings } from '../../shared/env.ts';
import { methodNotAllowed } from '../errors.ts';
import { readPageFiles, type PageFile } from './files.ts';
import { pagePolicy } from './policy.ts';

const NOT_BUILT = `The page is not built here: "npm run build" makes it, and "npm start" too.
The API is there all the same; /openapi.json describes it.
`;

/** Names of assets carry a hash of what is in them. Seconds: a year, the longest that caches keep. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the page: `/` to whoever asks for HTML (others get the API's links there), and what it loads under /assets/. */
export async function servePage(settings: Settings): Promise<Middleware> {
  const files = await readPageFiles();
  const policy = pagePolicy(settings);
  return async (ctx, next) => {
    if (ctx.path === '/docs') ctx.vary('Accept');
    if (ctx.path === '/docs' && asksForHtml(ctx)) {
      // A view of the page, which keeps its places in the hash.
      ctx.redirect('/#/docs');
      ctx.body = '';
      return;
    }
    const isStart = ctx.path === '/' && ['GET', 'HEAD'].includes(ctx.method);
    if (isStart) ctx.vary('Accept');
    if (isStart && !asksForHtml(ctx)) {
      await next();
      return;
    }
    const file = isStart ? files.get('/index.html') : files.get(ctx.path);
    if (isStart && !file) {
      ctx.status = 503;
      ctx.type = 'text/plain';
      ctx.body = NOT_BUILT;
      return;
    }
    if (!file || ctx.path === '/index.html') {
      await next();
      return;
    }
    if (!['GET', 'HEAD'].includes(ctx.method)) throw methodNotAllowed('GET, HEAD');
    ctx.set('Content-Security-Policy', policy);
    ctx.set('Cache-Control', isStart ? 'no-cache' : FOR_EVER);
    send(ctx, file);
  };
}

/** Not so whoever takes anything, as curl does. */
function asksForHtml(ctx: Context): boolean {
  return ['GET', 'HEAD'].includes(ctx.method) && ctx.accepts('json', 'html') === 'html';
}

function send(ctx: Parameters<Middleware>[0], file: PageFile): void {
  ctx.type = file.type;
  ctx.vary('Accept-Encoding');
  const encoding = ctx.acceptsEncodings(Object.keys(file.bodies));
  const body = (encoding && file.bodies[encoding]) || file.bodies.identity;
  if (encoding && encoding !== 'identity') ctx.set('Content-Encoding', encoding);
  ctx.status = 200;
  // Weak: the same for every encoding.
  ctx.etag = `W/"${file.hash}"`;
  if (ctx.fresh) ctx.status = 304;
  else ctx.body = body;
}
