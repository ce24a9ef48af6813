import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface TableProps {
  title: string;
  heads: string[];
  count: number;
  /** Said in place of a table without rows. */
  none: string;
  children: ComponentChildren;
}

/** A table with a title. Where it is wider than the screen, it scrolls by itself, by keyboard too. */
export function Table({ title, heads, count, none, children }: TableProps) {
  const id = useId();
  return (
    <section class="card operator-table">
      <h2 id={id}>{title}</h2>
      {count === 0 ? (
        <p class="soft">{none}</p>
      ) : (
        <div class="table-scroll" role="region" aria-labelledby={id} tabIndex={0}>
          <table aria-labelledby={id}>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
