import type { Row } from '../api/types.ts';
import { Bar } from '../parts/bar.tsx';
import { duration, nameOf, when } from '../parts/in-words.ts';
import { StatusBadge } from '../parts/status-badge.tsx';
import { errorInWords } from '../parts/told.ts';
import { texts } from '../settings/language.ts';
import { addresses } from '../shell/route.ts';
import { percentOf } from './known.ts';

interface TaskRowProps {
  row: Row;
  at: number;
  count: number;
  top: number;
}

export function TaskRow({ row, at, count, top }: TaskRowProps) {
  const { tasks } = texts.value;
  const percent = percentOf(row);
  const isUnderWay = row.status === 'running' || row.status === 'pending';
  return (
    <li class="row" aria-setsize={count} aria-posinset={at + 1} style={{ transform: `translateY(${top}px)` }}>
      <a class="row-link" href={addresses.task(row.task_id)}>
        <span class="row-main">
          <span class="row-name">{nameOf(row)}</span>
          <span class="small">{aboutOf(row)}</span>
        </span>
        <span class="row-end">
          <span class="row-state">
            {row.status === 'running' && <span class="row-percent">{Math.round(percent)} %</span>}
            <StatusBadge status={row.status} />
          </span>
          {isUnderWay && <Bar percent={percent} label={tasks.progress} />}
        </span>
      </a>
    </li>
  );
}

/** What matters of it now, in one line. */
function aboutOf(row: Row): string {
  const { tasks, problems } = texts.value;
  if (row.error && row.status === 'failed') return errorInWords(row.error, problems);
  const left = row.status === 'running' && row.progress?.eta_seconds;
  const parts = row.parts > 0 && tasks.parts(row.parts_done, row.parts);
  // What matters most comes first: small screens cut off the end.
  return (left ? [tasks.left(duration(left)), parts, row.profile] : [row.profile, parts, when(row.created_at)])
    .filter(Boolean)
    .join(' · ');
}
