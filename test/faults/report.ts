import type { KillReport } from './kill-run.ts';

/** What a run prints in the end. Pure. */
export function reportOf({ violations, evidence, again, kills, vain }: KillReport): string {
  const count = (kind: string) => violations.filter((violation) => violation.kind === kind).length;
  const clips = evidence.steps.filter(({ kind, state }) => kind === 'clip' && state === 'done').length;
  const attempts = evidence.history.filter(({ became, step }) => step !== null && became === 'leased').length;
  const rows = [...again].map(([name, times]) => [name, String(times.length), ...figures(times)]);
  return [
    table([['fault', 'times', 'again after, median', 'worst'], ...rows]),
    '',
    `${kills} kills; ${evidence.tasks.length} tasks, ${clips} clips, ${attempts} attempts; ${vain.length} faults waited in vain`,
    `lost ${count('lost')}, twice ${count('twice')}, wrong ${count('wrong')}, left behind ${count('left')}`,
    ...violations.map(({ kind, what }) => `  ${kind}: ${what}`),
  ].join('\n');
}

/** Median and worst of those that are known, in seconds. */
export function figures(times: (number | null)[]): [string, string] {
  const known = times.filter((time) => time !== null).sort((a, b) => a - b);
  if (known.length === 0) return ['-', '-'];
  const seconds = (time: number | undefined) => `${((time ?? 0) / 1000).toFixed(1)} s`;
  return [seconds(known[Math.floor((known.length - 1) / 2)]), seconds(known.at(-1))];
}

/** Columns as wide as their widest cell. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}
