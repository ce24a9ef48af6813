import type { Context } from 'koa';
import type { z } from 'zod';
import type { User } from './auth/tokens.ts';

/**
 * A route: what it takes, what it answers, and who does it. The router validates by it and the OpenAPI document is
 * generated from it, so the two cannot differ.
 */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  /** In OpenAPI's form: `/tasks/{id}`. */
  path: string;
  summary: string;
  tag: string;
  /** Whether a bearer token is asked for. */
  owner: boolean;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodObject;
  /** Taken beside JSON, as `multipart/form-data`. */
  multipart?: z.ZodObject;
  answers: Record<number, Answer>;
  handle(request: Request): Promise<Reply>;
}

/** One kind of answer. */
export interface Answer {
  description: string;
  schema?: z.ZodType;
  /** What the body is, where it is no JSON. */
  mediaType?: string;
  headers?: Record<string, string>;
}

/** A validated request. */
export interface Request {
  ctx: Context;
  params: unknown;
  query: unknown;
  headers: unknown;
  /** Undefined for a multipart request, which its handler reads from the stream. */
  body: unknown;
  user: User | null;
  requestId: string;
  /** W3C trace context, the request's own or a new one. */
  trace: string;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string> | undefined;
}

type Parsed<T> = T extends z.ZodType ? z.infer<T> : undefined;

/** A request as its route's schemas make it. */
export type TypedRequest<Spec> = Omit<Request, 'params' | 'query' | 'headers' | 'body' | 'user'> & {
  params: Spec extends { params: infer P } ? Parsed<P> : undefined;
  query: Spec extends { query: infer Q } ? Parsed<Q> : undefined;
  headers: Spec extends { headers: infer H } ? Parsed<H> : undefined;
  body: Spec extends { multipart: z.ZodType; body: infer B }
    ? Parsed<B> | undefined
    : Spec extends { body: infer B }
      ? Parsed<B>
      : undefined;
  user: Spec extends { owner: true } ? User : User | null;
};

/** Ties a route's handler to the types of its schemas. */
export function route<const Spec extends Omit<Route, 'handle'>>(
  spec: Spec,
  handle: (request: TypedRequest<Spec>) => Promise<Reply>,
): Route {
  return { ...spec, handle };
}
