import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../../docs/runbooks');

/** Pages in docs/runbooks/, one for each kind of alert. */
export type Runbook =
  | 'utilization-above-75'
  | 'utilization-above-90'
  | 'capacity-above-75'
  | 'capacity-absent'
  | 'group-size'
  | 'dead-letters'
  | 'oldest-message'
  | 'server-errors'
  | 'latency'
  | 'database-disk'
  | 'database-connections'
  | 'worker-errors'
  | 'uptime'
  | 'error-budget';

/**
 * What is sent along with an alert: what it means here, and the first steps, which are those of the page. Whoever is
 * woken up may have nothing but a telephone.
 */
export function documentation(runbook: Runbook, meaning: string, runbooksUrl: string) {
  return {
    mimeType: 'text/markdown',
    content: `${meaning}\n\n## First steps\n\n${firstSteps(runbook)}`,
    links: [{ displayName: 'Runbook', url: `${runbooksUrl}/${runbook}.md` }],
  };
}

function firstSteps(runbook: Runbook): string {
  const page = readFileSync(path.join(folder, `${runbook}.md`), 'utf8');
  const steps = /^## First steps\n+([^]*?)(?=\n## |$(?![^]))/m.exec(page)?.[1];
  if (!steps) throw new Error(`docs/runbooks/${runbook}.md has no section "First steps".`);
  return steps.trim();
}
