import type { Context } from 'koa';
import type { Db } from '../../shared/db/connect.ts';
import { readTask } from '../../shared/task/read.ts';
import { notFound } from '../errors.ts';
import { viewTask, type Viewing } from './view.ts';

/** Answers a task as its owner sees it. */
export type TaskViews = (id: string, owner: string, ctx: Context) => ReturnType<typeof viewTask>;

/** @param publicUrl the address that clients reach us at, when it is not the one they ask */
export function taskViews(parts: Omit<Viewing, 'origin'> & { db: Db }, publicUrl: string | undefined): TaskViews {
  const { db, storage, mediaSecret, price } = parts;
  return async (id, owner, ctx) => {
    const found = await readTask(db, id, owner);
    if (!found) throw notFound();
    return viewTask(found, { storage, mediaSecret, price, origin: publicUrl ?? `${ctx.protocol}://${ctx.host}` });
  };
}
