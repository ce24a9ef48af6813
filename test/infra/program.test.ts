import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { watch } from '../kit/program.ts';
import { startEngine } from './kit/engine.ts';
import { configOf, deployStack, readYaml } from './kit/stack.ts';

const root = path.join(import.meta.dirname, '../..');
const runner = createRequire(import.meta.url).resolve('@pulumi/pulumi/cmd/run');

interface Project {
  main: string;
  runtime: { name: string; options: { typescript: boolean; nodeargs: string } };
}

test(
  'Pulumi runs the program as Pulumi.yaml says, and it registers the whole stack',
  { timeout: 60_000 },
  async (t) => {
    const { main, runtime } = readYaml<Project>('Pulumi.yaml');
    const engine = await startEngine();
    t.after(() => engine.close());
    const { dir, base } = path.parse(main);
    // As the command line starts it: in the folder of the program.
    const child = spawn(
      process.execPath,
      [
        ...runtime.options.nodeargs.split(' '),
        runner,
        ...['--monitor', engine.address, '--engine', engine.address, '--project', 'claqueta', '--stack', 'dev'],
        ...['--dry-run', 'true', '--pwd', path.join(root, dir), base],
      ],
      {
        cwd: path.join(root, dir),
        env: {
          PATH: process.env.PATH,
          PULUMI_CONFIG: JSON.stringify(configOf('dev')),
          PULUMI_NODEJS_TYPESCRIPT: String(runtime.options.typescript),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const program = watch(child);
    assert.equal(await program.ended, 0, `${program.output()}\n${engine.complaints.join('\n')}`);
    assert.deepEqual(engine.complaints, []);

    const expected = await deployStack('dev');
    assert.deepEqual(
      engine.registered.filter((each) => !/^(claqueta:|pulumi:)/.test(each)).sort(),
      expected.all.map(({ type, name }) => `${type} ${name}`).sort(),
    );
  },
);
