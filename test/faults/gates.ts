import pg from 'pg';
import { rows, type Db } from '../../shared/db/connect.ts';
import { until } from '../kit/until.ts';
import { GATE_LOCK } from './audit.ts';
import { PATIENCE_MS } from './patience.ts';

/** A moment in the life of a step or task, as `audit.ts` names them. */
export type Moment = `${'claim' | 'finish'} ${'ingest' | 'clip' | 'finish'}` | 'commit task';

/** The statement that a gate holds. */
export interface Held {
  /** Of the connection, at the server. */
  backend: number;
  step: string;
  attempt: number;
  /** Process that sent it; 0 for a web. */
  pid: number;
}

export interface Gate {
  /** Waits until a statement is held. */
  reached(timeout?: number): Promise<Held>;
  /** Lets the statement go on, whether its sender still lives or not; does nothing the second time. */
  open(): Promise<void>;
  /** The statement is undone, as if it had never come. */
  undo(held: Held): Promise<void>;
}

let last = 0;

/** Sets a gate, which holds the first statement that comes to the moment. @param key only of this task: its id, or for `commit task` its key */
export async function setGate(db: Db, url: string, moment: Moment, key: string | null = null): Promise<Gate> {
  const id = ++last;
  const lock = `${GATE_LOCK}, ${id * 2 + 1}`;
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  await client.query(`select pg_advisory_lock(${lock})`);
  await db.raw(`insert into faults.gates (id, moment, key) values (:id, :moment, :key)`, { id, moment, key });
  // Removed first: whoever comes when the held one goes on is not held.
  const remove = () => db.raw(`delete from faults.gates where id = :id`, { id });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= client.end());

  return {
    async reached(timeout = PATIENCE_MS) {
      const find = async () => (await rows<Held>(db, FIND_HELD, { name: `gate ${id} %` }))[0];
      return until(find, { what: `a statement is held at ${moment}`, timeout, every: 50 }).catch(async (error) => {
        await remove();
        await close();
        throw error;
      });
    },
    async open() {
      await remove();
      await close();
    },
    async undo({ backend }) {
      await remove();
      await db.raw(`select pg_terminate_backend(:backend)`, { backend });
      await until(
        async () => (await rows(db, `select from pg_stat_activity where pid = :backend`, { backend })).length === 0,
        {
          what: 'the held statement is undone',
        },
      );
      await close();
    },
  };
}

const FIND_HELD = /* sql */ `
select pid as backend, split_part(application_name, ' ', 3) as step,
       cast(split_part(application_name, ' ', 4) as integer) as attempt,
       cast(split_part(application_name, ' ', 5) as integer) as pid
from pg_stat_activity
where application_name like :name and wait_event_type = 'Lock'
`;
