import { openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { request, type ClientRequest } from 'node:http';
import path from 'node:path';
import { until } from '../../kit/until.ts';
import type { Fault, Run } from '../fault.ts';
import { setGate } from '../gates.ts';
import { draw, recipeNamed } from '../recipes.ts';
import { PATIENCE_MS } from '../patience.ts';

/** kill -9 of a web. Its client sends the same request again, with the same key. */
export const webKills: Fault[] = [
  { name: 'web killed: upload half received', weight: 1, kills: true, strike: halfReceived },
  { name: 'web killed: task written, not committed', weight: 1, kills: true, strike: (run) => atCommit(run, 'undo') },
  {
    name: 'web killed: task committed, neither announced nor answered',
    weight: 2,
    kills: true,
    strike: (run) => atCommit(run, 'open'),
  },
];

function atCommit(run: Run, then: 'open' | 'undo') {
  return run.inTurn('web', () => killAtCommit(run, then));
}

async function killAtCommit(run: Run, then: 'open' | 'undo') {
  const { fleet, stream, chosen, revive } = run;
  const index = chosen.below(fleet.webs.length);
  await until(() => fleet.webs[index]?.ready, { what: 'the web is ready', timeout: PATIENCE_MS });
  const submission = stream.draw();
  const gate = await setGate(fleet.db, fleet.postgres.url, 'commit task', submission.key);
  const sending = stream.send(submission, index);
  sending.catch(() => {});
  const held = await gate.reached();
  const at = new Date();
  await fleet.webs[index]?.kill();
  await (then === 'open' ? gate.open() : gate.undo(held));
  const web = fleet.webs[index];
  if (web) revive(web);
  return { at, again: sending.then(() => Date.now() - at.getTime()) };
}

function halfReceived(run: Run) {
  return run.inTurn('web', () => killHalfReceived(run));
}

async function killHalfReceived(run: Run) {
  const { fleet, stream, chosen, revive } = run;
  const index = chosen.below(fleet.webs.length);
  const web = fleet.webs[index];
  if (!web) throw new Error('There is no web.');
  const submission = stream.draw(recipeNamed('two'));
  const bytes = new Uint8Array(await (await openAsBlob(await draw(submission.recipe))).arrayBuffer());
  await until(() => web.ready, { what: `${web.name} is ready`, timeout: PATIENCE_MS });
  const sent = sendHalf(`${web.url}/tasks`, stream.token(submission.owner), bytes);
  await until(() => isArriving(fleet.passing.incoming, web.pid), { what: 'the web stores what it receives' });
  const at = new Date();
  await web.kill();
  sent.destroy();
  revive(web);
  const again = stream.send({ ...submission, by: 'upload' }, index + 1).then(() => Date.now() - at.getTime());
  again.catch(() => {});
  return { at, again };
}

/** The first half of a form with a video in it; the rest never comes. */
function sendHalf(url: string, token: string, bytes: Uint8Array): ClientRequest {
  const head =
    '--half\r\ncontent-disposition: form-data; name="video"; filename="half.mp4"\r\ncontent-type: video/mp4\r\n\r\n';
  const sent = request(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'multipart/form-data; boundary=half',
      'content-length': head.length + bytes.length,
    },
  });
  // It is to break off.
  sent.on('error', () => {});
  sent.write(head);
  sent.write(bytes.subarray(0, bytes.length / 2));
  return sent;
}

/** Whether the process has written some of a file that has no name yet. */
async function isArriving(incoming: string, pid: number): Promise<boolean> {
  for (const name of await readdir(incoming)) {
    if (name.split('~')[1] === String(pid) && (await stat(path.join(incoming, name))).size > 0) return true;
  }
  return false;
}
