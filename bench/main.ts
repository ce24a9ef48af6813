import { events } from './events.ts';
import { layers } from './layers.ts';
import { page } from './page.ts';

/** Measurements by name. Each prints a table and answers what it measured. */
const benches: Record<string, (say: (text: string) => void) => Promise<object>> = { events, layers, page };

const say = (text: string) => void process.stdout.write(`${text}\n`);
const [name = ''] = process.argv.slice(2);
const bench = benches[name];
if (bench) {
  say(JSON.stringify(await bench(say)));
} else {
  say(`npm run bench -- <name>, one of: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 1;
}
