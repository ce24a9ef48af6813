/** What package-lock.json says of a package, as far as it is looked at. */
export interface LockedPackage {
  version?: string;
  license?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}

const REGISTRY = 'https://registry.npmjs.org/';

/** Licenses that ask for no more than to be named, or, as MPL-2.0, for changes to the package's own files. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...[
    'MIT',
    'MIT-0',
    'Apache-2.0',
    'ISC',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'CC0-1.0',
    'Unlicense',
  ],
  ...['MPL-2.0', 'Python-2.0', '(BSD-3-Clause AND Apache-2.0)', '(MIT OR Apache-2.0)', '(MIT OR CC0-1.0)'],
]);

/** Packages whose license is none of those, each with the reason why it may be used: a name, or a scope with a slash. */
const EXCEPTIONS: Record<string, string> = {
  '@ffmpeg-binary/': 'GPL-3.0: a program of its own, run as a process and not linked; the image takes its own FFmpeg',
  '@ffprobe-installer/': 'GPL-3.0 and LGPL-2.1: a program of its own, run as a process and not linked',
  '@logdna/tail-file': 'MIT, by its LICENSE file; only where Pulumi runs',
  'spdx-exceptions': 'CC-BY-3.0: a list of names; only where Pulumi runs',
  async: 'MIT, by its LICENSE file; too old for the field',
  'url-template': 'BSD-3-Clause, by its LICENSE file; the field says BSD',
};

/** Everything that is wrong with what is locked, one line each. */
export function problemsOf(packages: Record<string, LockedPackage>, denied: Record<string, boolean>): string[] {
  return Object.entries(packages).flatMap(([at, locked]) => {
    const name = nameOf(at);
    return name === null ? [] : problemsOfOne(name, locked, denied).map((problem) => `${name}: ${problem}`);
  });
}

function problemsOfOne(name: string, locked: LockedPackage, denied: Record<string, boolean>): string[] {
  const { license, resolved, integrity, link, hasInstallScript } = locked;
  const problems: string[] = [];
  if (hasInstallScript && denied[name] !== false) {
    problems.push('runs a script when it is installed; deny it in allowScripts, or do without the package');
  }
  if (link) problems.push('is a link and no package');
  if (!integrity?.startsWith('sha512-')) problems.push('has no sha512 to tell it by');
  // npm leaves it out where it is the registry.
  if (resolved !== undefined && !resolved.startsWith(REGISTRY)) problems.push(`comes from ${resolved}`);
  if (!ALLOWED.has(license ?? '') && !exceptionOf(name)) {
    problems.push(`the license ${license ?? '(none)'} is not among those that are used`);
  }
  return problems;
}

/** How many packages there are of each license, the commonest first. */
export function licensesOf(packages: Record<string, LockedPackage>): [string, number][] {
  const counts = new Map<string, number>();
  for (const [at, { license = 'none given' }] of Object.entries(packages)) {
    if (nameOf(at) !== null) counts.set(license, (counts.get(license) ?? 0) + 1);
  }
  return [...counts].sort(([a, many], [b, few]) => few - many || a.localeCompare(b));
}

function exceptionOf(name: string): string | undefined {
  return EXCEPTIONS[name] ?? EXCEPTIONS[`${name.split('/')[0]}/`];
}

/** Null for the project itself. */
function nameOf(at: string): string | null {
  return at === '' ? null : (at.split('node_modules/').at(-1) ?? at);
}
