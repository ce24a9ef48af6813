import { execFile } from 'node:child_process';
import { cp, mkdir, rename, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Stage {
  name: string;
  instructions: { what: string; args: string }[];
}

/** Stages of a Dockerfile with their instructions, lines joined. */
export function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, what = '', args = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const name = what === 'FROM' ? / AS (\w+)$/.exec(args)?.[1] : undefined;
    if (name) stages.push({ name, instructions: [] });
    else stages.at(-1)?.instructions.push({ what, args: args.trim() });
  }
  return stages;
}

/**
 * Does in folders what the stages say, as far as a folder can: COPY copies and RUN runs. Debian's packages are left to
 * an image, and the packages of this checkout stand in for a second whole install of them.
 * @returns the folder of the last stage
 */
export async function buildInFolders(stages: Stage[], context: string, folder: string): Promise<string> {
  const of = (stage: string) => path.join(folder, stage);
  for (const { name, instructions } of stages) {
    await mkdir(of(name), { recursive: true });
    for (const { what, args } of instructions) {
      if (what === 'COPY') await copy(args, context, of(name), of);
      else if (what === 'RUN' && args === 'npm ci --ignore-scripts') {
        await symlink(path.join(context, 'node_modules'), path.join(of(name), 'node_modules'));
      } else if (what === 'RUN' && !args.startsWith('apt-get ')) await run('sh', ['-ec', args], { cwd: of(name) });
    }
  }
  return of(stages.at(-1)?.name ?? '');
}

async function copy(args: string, context: string, folder: string, of: (stage: string) => string): Promise<void> {
  const [, stage, names = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(args) ?? [];
  const words = names.split(' ');
  const to = words.at(-1) ?? '';
  for (const word of words.slice(0, -1)) {
    const from = stage ? path.join(of(stage), word.replace(/^\/app\//, '')) : path.join(context, word);
    const there = path.join(folder, to === './' ? word : to);
    // What a stage has made is taken once, and there is much of it.
    if (stage) await rename(from, there);
    else await cp(from, there, { recursive: true, verbatimSymlinks: true });
  }
}
