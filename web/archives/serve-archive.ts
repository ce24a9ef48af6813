import { finished, type Readable } from 'node:stream';
import type { Context, Middleware } from 'koa';
import yazl from 'yazl';
import type { Db } from '../../shared/db/connect.ts';
import type { Storage } from '../../shared/storage/storage.ts';
import { readTasks } from '../../shared/task/read.ts';
import { clipMade, clipSteps } from '../../shared/task/published.ts';
import { ApiError, methodNotAllowed, notFound } from '../errors.ts';
import { clipName } from '../tasks/view.ts';
import { isArchivePath, readArchiveUrl } from './archive-url.ts';

/** All clips of a task in one file, made while it is sent: nothing is held, nothing is written down. */
export function serveArchive(db: Db, storage: Storage, secrets: readonly string[]): Middleware {
  return async (ctx, next) => {
    if (!isArchivePath(ctx.path)) {
      await next();
      return;
    }
    if (!['GET', 'HEAD'].includes(ctx.method)) throw methodNotAllowed('GET, HEAD');
    const id = readArchiveUrl(ctx.path, new URLSearchParams(ctx.querystring), secrets);
    if (!id) throw new ApiError(403, 'url_expired', 'This address is not valid any more. Read the task for another.');
    const found = (await readTasks(db, [id])).get(id);
    const done = found ? clipSteps(found.task, found.steps) : [];
    if (!found || done.length === 0) throw notFound();

    const archive = new yazl.ZipFile();
    for (const step of done) {
      const { key, bytes } = clipMade(step);
      // Videos are packed as tightly as can be. With the sizes known beforehand the length of the whole is, too.
      const options = { compress: false, size: bytes, mtime: step.finished_at ?? found.task.created_at };
      archive.addReadStreamLazy(clipName(step.part), options, (give) => {
        storage.get(key).then(
          (clip) => give(null, tiedTo(ctx, clip)),
          (error: unknown) => give(error, null as never),
        );
      });
    }
    ctx.status = 200;
    ctx.type = 'application/zip';
    ctx.attachment(`claqueta-${id}.zip`);
    ctx.set('Cache-Control', 'no-store');
    // An archive that breaks off has to look broken to who loads it: less comes than was announced.
    archive.on('error', (error: Error) => ctx.res.destroy(error));
    const length = await end(archive);
    if (ctx.method === 'GET') ctx.body = archive.outputStream;
    if (length > 0) ctx.length = length;
  };
}

/**
 * A clip that ends with its answer, and the answer with it. The archive sees to neither: it would keep the file open for
 * a client that left, and a clip that fails half-way, heard by nobody, would end the process.
 */
function tiedTo({ res }: Context, clip: Readable): Readable {
  const leave = () => clip.destroy();
  res.once('close', leave);
  finished(clip, (error) => {
    res.off('close', leave);
    if (error) res.destroy(error);
  });
  if (res.closed) leave();
  return clip;
}

/** Nothing more is added. Answers how many bytes it will have. */
function end(archive: yazl.ZipFile): Promise<number> {
  return new Promise((resolve) => {
    // The types of version 3.3 leave out what the callback is told.
    archive.end(undefined, ((length: number) => resolve(length)) as () => void);
  });
}
