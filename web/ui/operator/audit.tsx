import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import { inWords } from '../api/refusal.ts';
import { language } from '../settings/language.ts';
import { say } from '../shell/say.tsx';
import { Table } from './table.tsx';
import { words } from './texts.ts';
import type { AuditLine } from './types.ts';

const FIRST = '/admin/audit?max=20';

/** Who did what, newest first, a page at a time. It stands still, so that it can be read; the button reads it again. */
export function Audit() {
  const lines = useSignal<AuditLine[]>([]);
  const next = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const { audit } = words.value;

  async function read(path: string): Promise<void> {
    isBusy.value = true;
    try {
      const { body, headers } = await ask<AuditLine[]>('GET', path);
      lines.value = path === FIRST ? body : [...lines.value, ...body];
      next.value = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? null;
    } catch (error) {
      say(inWords(error));
    } finally {
      isBusy.value = false;
    }
  }
  useEffect(() => void read(FIRST), []);

  return (
    <>
      <Table
        title={audit.title}
        count={lines.value.length}
        none={audit.none}
        heads={[audit.at, audit.event, audit.user, audit.task, audit.address]}
      >
        {lines.value.map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </Table>
      <div class="buttons buttons-middle">
        {next.value && (
          <button type="button" class="button" disabled={isBusy.value} onClick={() => void read(next.value ?? FIRST)}>
            {audit.more}
          </button>
        )}
        <button type="button" class="button" disabled={isBusy.value} onClick={() => void read(FIRST)}>
          {audit.again}
        </button>
      </div>
    </>
  );
}

function Line({ line: { at, event, user_id, task_id, address } }: { line: AuditLine }) {
  const { events } = words.value;
  return (
    <tr>
      <td>{new Date(at).toLocaleString(language.value, { dateStyle: 'short', timeStyle: 'medium' })}</td>
      <th scope="row">{events[event] ?? event}</th>
      <td>
        <Id id={user_id} />
      </td>
      <td>
        <Id id={task_id} />
      </td>
      <td>{address ?? '–'}</td>
    </tr>
  );
}

/** The end of an id tells it from others; all of it is there to be copied from the title. */
function Id({ id }: { id: string | null }) {
  return id ? <code title={id}>…{id.slice(-6)}</code> : <span class="soft">{words.value.audit.unknown}</span>;
}
