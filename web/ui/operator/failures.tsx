import { texts } from '../settings/language.ts';
import { Table } from './table.tsx';
import { words } from './texts.ts';
import type { Fleet } from './types.ts';

/** Why tasks of the last day failed. */
export function Failures({ failures }: { failures: Fleet['failures'] }) {
  const { failures: text } = words.value;
  const { problems } = texts.value;
  return (
    <Table title={text.title} count={failures.length} none={text.none} heads={[text.count, text.code, text.why]}>
      {failures.map(({ code, count }) => (
        <tr key={code}>
          <td>{count}</td>
          <th scope="row">
            <code>{code}</code>
          </th>
          <td class="wordy">{(problems as Record<string, string>)[code] ?? ''}</td>
        </tr>
      ))}
    </Table>
  );
}
