import { Bar } from '../parts/bar.tsx';
import { duration, when } from '../parts/in-words.ts';
import { inSlots } from './health.ts';
import { Table } from './table.tsx';
import { words } from './texts.ts';
import type { HeldStep, Worker } from './types.ts';

/** Steps of one worker that are shown; the count of slots is a number of its own. */
const MOST = 16;

/** Who works, and at what. */
export function Workers({ workers }: { workers: Worker[] }) {
  const { table } = words.value;
  return (
    <Table
      title={table.title}
      count={workers.length}
      none={table.none}
      heads={[table.worker, table.slots, table.at, table.seen, table.started]}
    >
      {workers.map((worker) => (
        <tr key={worker.name}>
          <th scope="row">{worker.name}</th>
          <td>
            {inSlots(worker)} / {worker.slots}
          </td>
          <td class="held">
            <Held steps={worker.steps} />
          </td>
          <td>{table.ago(duration((Date.now() - Date.parse(worker.seen_at)) / 1000))}</td>
          <td>{when(worker.started_at)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Held({ steps }: { steps: HeldStep[] }) {
  const { table } = words.value;
  if (steps.length === 0) return <span class="soft">{table.idle}</span>;
  return (
    <ul class="plain held-steps">
      {steps.slice(0, MOST).map((step) => (
        <Step key={`${step.task_id} ${step.kind} ${step.part}`} step={step} />
      ))}
      {steps.length > MOST && <li class="small">{table.more(steps.length - MOST)}</li>}
    </ul>
  );
}

function Step({ step: { task_id, kind, part, attempt, progress, started_at } }: { step: HeldStep }) {
  const { table, kind: kinds } = words.value;
  const name = kinds[kind](part ?? 0);
  const since = duration((Date.now() - Date.parse(started_at)) / 1000);
  return (
    <li title={task_id}>
      <span class="held-words">
        {name} <span class="small">{task_id.slice(-6)}</span>
        {attempt > 1 && <span class="small"> · {table.attempt(attempt)}</span>}
        <span class="small"> · {since}</span>
      </span>
      <Bar percent={progress * 100} label={table.progress(`${name}, ${task_id.slice(-6)}`)} />
    </li>
  );
}
