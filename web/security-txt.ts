import type { Middleware } from 'koa';

export const SECURITY_TXT = '/.well-known/security.txt';

/** RFC 9116 asks for less than a year, so that nobody trusts a page that is not kept up. */
const GOOD_FOR_MS = 180 * 24 * 3600 * 1000;

interface SecuritySettings {
  SECURITY_CONTACT?: string | undefined;
  PUBLIC_URL?: string | undefined;
}

/** Where to report a weakness (RFC 9116). A page without a contact is none, so without the setting there is nothing. */
export function securityTxt({ SECURITY_CONTACT, PUBLIC_URL }: SecuritySettings): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== SECURITY_TXT || !['GET', 'HEAD'].includes(ctx.method) || !SECURITY_CONTACT) {
      await next();
      return;
    }
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = [
      `Contact: ${SECURITY_CONTACT}`,
      // As long as somebody runs the service with this contact, it is good.
      `Expires: ${new Date(Date.now() + GOOD_FOR_MS).toISOString()}`,
      'Preferred-Languages: en',
      ...(PUBLIC_URL ? [`Canonical: ${new URL(SECURITY_TXT, PUBLIC_URL).href}`] : []),
      '',
    ].join('\n');
  };
}
