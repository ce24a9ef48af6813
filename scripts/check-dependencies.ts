import { readFileSync } from 'node:fs';
import { licensesOf, problemsOf, type LockedPackage } from './check-dependencies-rules.ts';

// Part of `npm run check`, from the lock file alone: what is installed, where it comes from, and by which license. Known
// weaknesses are `npm audit`'s, which needs the network.
const { packages } = read('package-lock.json') as { packages: Record<string, LockedPackage> };
const { allowScripts = {} } = read('package.json') as { allowScripts?: Record<string, boolean> };

const problems = problemsOf(packages, allowScripts);
if (problems.length > 0) {
  process.stderr.write(`Dependencies that may not be:\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
  process.exitCode = 1;
} else {
  const licenses = licensesOf(packages).map(([license, count]) => `${license} ${count}`);
  const scripts = Object.values(packages).filter(({ hasInstallScript }) => hasInstallScript).length;
  process.stdout.write(
    `${Object.keys(packages).length - 1} packages, all by hash from npm; install scripts denied: ${scripts}\n` +
      `Licenses: ${licenses.join(', ')}\n`,
  );
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
}
