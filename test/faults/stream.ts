import { setTimeout as pause } from 'node:timers/promises';
import { rows } from '../../shared/db/connect.ts';
import type { Fleet } from './fleet.ts';
import type { Random } from './random.ts';
import { recipes, type Recipe } from './recipes.ts';
import { submit, type Owners, type Submission } from './submit.ts';

/** A submission that was answered 201, and what the run did to it afterwards. */
export interface Accepted {
  key: string;
  task: string;
  asked: 'nothing' | 'cancel' | 'remove';
}

/** A steady stream of tasks of several owners: so many unfinished at any time. */
export interface Stream {
  accepted: Accepted[];
  /** Requests that were never answered 201 although webs lived. */
  refused: string[];
  /** Draws the next submission; for faults that send one themselves. */
  draw(recipe?: Recipe): Submission;
  /** Sends it until it is accepted, and remembers that. */
  send(submission: Submission, firstWeb?: number): Promise<string>;
  token(owner: number): string;
  stop(): Promise<void>;
}

export const OWNERS = 4;
/** Of a hundred tasks so many are cancelled after a while, and so many removed when they are done. */
const CANCELLED = 6;
const REMOVED = 3;

export function openStream(fleet: Fleet, owners: Owners, seeded: Random, unfinished: number): Stream {
  const chosen = seeded.apart('stream');
  const accepted: Accepted[] = [];
  const refused: string[] = [];
  const under = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  let count = 0;

  function drawn(recipe = chosen.pick(recipes)): Submission {
    const by = chosen.next() < 0.2 ? 'upload' : 'url';
    return { key: `${++count}-${recipe.name}`, recipe, by, owner: chosen.below(OWNERS) };
  }

  async function send(submission: Submission, firstWeb = 0): Promise<string> {
    const task = await submit(fleet, owners, submission, firstWeb);
    accepted.push({ key: submission.key, task, asked: 'nothing' });
    return task;
  }

  async function sendAndMaybeEnd(): Promise<void> {
    // All drawn before anything is waited for: what comes first then must not shift what is drawn next.
    const submission = drawn();
    const fate = chosen.below(100);
    const after = chosen.below(4_000);
    const task = await send(submission, fate);
    if (fate < CANCELLED) await ask('cancel', task, submission, after);
    else if (fate < CANCELLED + REMOVED) await ask('remove', task, submission, after + 10_000);
  }

  /** DELETE, after a while: it cancels what goes on and removes what is final. */
  async function ask(what: Accepted['asked'], task: string, { owner }: Submission, after: number): Promise<void> {
    await pause(after, undefined, { signal: stopping.signal }).catch(() => {});
    if (stopping.signal.aborted) return;
    const entry = accepted.find((one) => one.task === task);
    // Noted before it is sent: with a web killed in between nobody knows whether it came to pass.
    if (entry) entry.asked = what;
    const headers = { authorization: `Bearer ${owners.token(owner)}` };
    const web = fleet.webs[after % fleet.webs.length];
    await fetch(new URL(`/tasks/${task}`, web?.url), { method: 'DELETE', headers }).catch(() => {});
  }

  function track(work: Promise<unknown>): void {
    const tracked = work.catch((error: unknown) => refused.push(String(error))).finally(() => under.delete(tracked));
    under.add(tracked);
  }

  async function keepUp(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Counted first: one that is accepted meanwhile counts twice rather than not at all.
      const sending = under.size;
      const left = await unfinishedTasks(fleet).catch(() => unfinished);
      for (let count = sending + left; count < unfinished; count++) track(sendAndMaybeEnd());
      await pause(100);
    }
  }

  const keeping = keepUp();
  return {
    accepted,
    refused,
    draw: drawn,
    send,
    token: (owner) => owners.token(owner),
    async stop() {
      stopping.abort();
      await keeping;
      await Promise.all(under);
    },
  };
}

export async function unfinishedTasks({ db }: Fleet): Promise<number> {
  const [found] = await rows<{ count: number }>(
    db,
    `select count(*)::integer from tasks where status in ('pending', 'running')`,
  );
  return found?.count ?? 0;
}
