import assert from 'node:assert/strict';
import { rows } from '../../../shared/db/connect.ts';
import { until } from '../../kit/until.ts';
import type { Run } from '../fault.ts';
import { openRun } from '../run.ts';
import { startProxy, type TcpProxy } from '../tcp-proxy.ts';
import { assertClean, seconds, type Scenario } from './scenario.ts';

/** Connections to the database go deaf without a word, as behind a router that forgot them. */
export const halfOpen: Scenario = {
  name: 'half-open',
  asserts: 'all connections to the database go deaf: every process notices by itself and opens others',
  async run(t, queue) {
    let proxy: TcpProxy | undefined;
    async function through(address: string): Promise<string> {
      const url = new URL(address);
      proxy = await startProxy(t, Number(url.port));
      url.port = String(proxy.port);
      return url.href;
    }
    const run = await openRun(t, { seed: this.name, fleet: { queue, through }, unfinished: 4 });
    await until(async () => (await claimers(run, new Date(0))) === 3, { what: 'all workers work', timeout: 120_000 });
    proxy?.halfOpen();
    const deaf = new Date();
    await until(async () => (await claimers(run, deaf)) === 3, { what: 'all workers work again', timeout: 120_000 });
    const took = Date.now() - deaf.getTime();
    assert.ok(took < 60_000, `it took ${seconds(took)}`);
    await assertClean(run);
    return `all three workers at work again after ${seconds(took)}`;
  },
};

/** How many workers have claimed a step since then. */
async function claimers({ fleet: { db } }: Run, since: Date): Promise<number> {
  const [found] = await rows<{ count: number }>(
    db,
    `select count(distinct worker)::integer from faults.history where became = 'leased' and at > :since`,
    { since },
  );
  return found?.count ?? 0;
}
