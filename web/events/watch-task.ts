import type { Step } from '../../shared/task/task.ts';
import type { Log } from '../../shared/log.ts';
import { viewClip, viewTask, type Viewing } from '../tasks/view.ts';
import type { Change, Changes } from './changes.ts';
import { detailEvents, listEvents, newClips, type Told } from './events-of.ts';
import type { EventStream } from './stream.ts';

interface Missing {
  /** Ids of what may have gone unheard. */
  missed: () => Promise<string[]>;
  log: Log;
}

/** A stream of all of an owner's tasks. Answers how to stop. */
export function watchList(changes: Changes, owner: string, stream: EventStream, missing: Missing) {
  const { missed, log } = missing;
  const told: Told = new Map();
  async function look(): Promise<void> {
    await changes.look(owner, await missed());
  }
  async function lookAtAll(): Promise<void> {
    await changes.hears(owner);
    await look();
    stream.send('ready', {});
  }
  const orEnd = (looking: Promise<void>) => void looking.catch((error: unknown) => giveUp(stream, log, error));
  const stop = changes.watch({
    owner,
    task: null,
    tell: (change) => {
      for (const { event, data } of listEvents(change, told, new Date())) stream.send(event, data);
    },
    // Nothing was missed when watching has only begun, so the client has nothing to read anew.
    lookAgain: (why) => orEnd(why === 'gap' ? lookAtAll() : look()),
  });
  orEnd(lookAtAll());
  return stop;
}

/** A stream of one task: whole at first, then what changes. Answers how to stop. */
export function watchTask(
  changes: Changes,
  owner: string,
  id: string,
  stream: EventStream,
  viewing: Viewing & { log: Log },
) {
  const told: Told = new Map();
  let isFirst = true;
  // Signing an address may take a moment: what comes meanwhile waits its turn.
  let turn = Promise.resolve();

  async function tell(change: Change): Promise<void> {
    const events = detailEvents(change, told, new Date());
    const clips = newClips(change, told);
    if (isFirst && change.now) {
      isFirst = false;
      stream.send('snapshot', await viewTask(change.now, viewing));
      return;
    }
    for (const { event, data } of events) stream.send(event, data);
    for (const clip of await Promise.all(clips.map((step) => view(step)))) stream.send('clip', clip);
    if (!change.now) stream.end();
  }

  const view = (step: Step) => viewClip(step, viewing);
  const lookAgain = () => void changes.look(owner, [id]);
  const stop = changes.watch({
    owner,
    task: id,
    tell: (change) => {
      turn = turn.then(() => tell(change)).catch((error: unknown) => giveUp(stream, viewing.log, error));
    },
    lookAgain,
  });
  lookAgain();
  return stop;
}

/** The client comes again, and is told everything then. */
function giveUp(stream: EventStream, log: Log, error: unknown): void {
  log.warn({ err: error }, 'could not tell of a change; the stream ends');
  stream.end();
}
