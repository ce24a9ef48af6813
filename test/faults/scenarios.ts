import { openCleanup } from '../kit/undo.ts';
import type { Arguments } from './arguments.ts';
import { table } from './report.ts';
import { badSources } from './scenarios/bad-sources.ts';
import { brokerAway } from './scenarios/broker-away.ts';
import { databaseAway } from './scenarios/database-away.ts';
import { deleteAtGates, deleteRaces, stopTimes } from './scenarios/delete.ts';
import { ffmpegDies } from './scenarios/ffmpeg-dies.ts';
import { fullDisk } from './scenarios/full-disk.ts';
import { halfOpen } from './scenarios/half-open.ts';
import { killScenarios } from './scenarios/kills.ts';
import { poisonPart } from './scenarios/poison-part.ts';
import { repeatedBells } from './scenarios/repeated-bells.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { wrongClock } from './scenarios/wrong-clock.ts';

/** The fault list: what may go wrong, each with what has to hold then. */
export const scenarios: Scenario[] = [
  ...killScenarios,
  databaseAway,
  brokerAway,
  halfOpen,
  repeatedBells,
  deleteAtGates,
  stopTimes,
  deleteRaces,
  wrongClock,
  fullDisk,
  ...badSources,
  poisonPart,
  ffmpegDies,
];

/** Runs the named ones, or all, each on a service of its own, and prints a table. @returns the exit code */
export async function runScenarios(
  { scenario: names, queue }: Arguments,
  say: (line: string) => void,
): Promise<number> {
  const unknown = names.filter((name) => name !== 'all' && !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}; --list names all.`);
  const rows: string[][] = [];
  for (const scenario of scenarios.filter(({ name }) => names.includes('all') || names.includes(name))) {
    const began = performance.now();
    say(`${scenario.name}: ${scenario.asserts}`);
    const { passed, figure } = await runOne(scenario, queue, say);
    const took = `${((performance.now() - began) / 1000).toFixed(0)} s`;
    say(`${scenario.name}: ${passed ? figure : `failed: ${figure}`} (${took})`);
    rows.push([scenario.name, passed ? 'passed' : 'FAILED', took, figure.split('\n')[0] ?? '']);
  }
  say(`\n${table([['scenario', 'result', 'took', 'figure'], ...rows])}`);
  return rows.every(([, result]) => result === 'passed') ? 0 : 1;
}

async function runOne(scenario: Scenario, queue: Arguments['queue'], say: (line: string) => void) {
  const cleanup = openCleanup();
  try {
    return { passed: true, figure: await scenario.run(cleanup, scenario.queue ?? queue, say) };
  } catch (error) {
    return { passed: false, figure: error instanceof Error ? error.message : String(error) };
  } finally {
    await cleanup.end();
  }
}
