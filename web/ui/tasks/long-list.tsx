import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Row } from '../api/types.ts';
import { loadMore } from './store.ts';
import { TaskRow } from './task-row.tsx';
import { rowsInSight } from './window.ts';

/** As the style sheet has it, px. */
const ROW_HEIGHT = 76;
/** With so few rows left below, the next page is asked for. */
const ASK_AT = 12;

/** Draws only the rows in sight, so that thousands cost no more than twenty. */
export function LongList({ rows }: { rows: Row[] }) {
  const list = useRef<HTMLUListElement>(null);
  const sight = useSignal({ from: 0, to: 20 });
  const count = rows.length;

  useEffect(() => {
    const look = () => {
      if (!list.current) return;
      const above = -list.current.getBoundingClientRect().top;
      const { from, to } = rowsInSight({ above, height: innerHeight, rowHeight: ROW_HEIGHT, count });
      if (from !== sight.value.from || to !== sight.value.to) sight.value = { from, to };
      if (to > count - ASK_AT && above > 0) void loadMore();
    };
    look();
    const listening = new AbortController();
    addEventListener('scroll', look, { passive: true, signal: listening.signal });
    addEventListener('resize', look, { signal: listening.signal });
    return () => listening.abort();
  }, [count]);

  const { from, to } = sight.value;
  return (
    <ul ref={list} class="rows" style={{ height: `${count * ROW_HEIGHT}px` }}>
      {rows.slice(from, to).map((row, index) => (
        <TaskRow key={row.task_id} row={row} at={from + index} count={count} top={(from + index) * ROW_HEIGHT} />
      ))}
    </ul>
  );
}
