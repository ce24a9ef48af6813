import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import { readConfig } from '../../../infra/config.ts';
import { deploy } from '../../../infra/deploy.ts';
import { created } from './created.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Every part there, so that a test can walk down to what it asserts. */
type Whole<T> = T extends (infer Element)[]
  ? Whole<Element>[]
  : T extends object
    ? { [Key in keyof T]-?: Whole<Exclude<T[Key], undefined>> }
    : T;

export interface Made<Args = Record<string, unknown>> {
  type: string;
  name: string;
  /** Inputs, as the engine would get them. */
  inputs: Whole<pulumi.Unwrap<NonNullable<Args>>>;
  protect: boolean;
}

type ResourceClass<Args> = new (name: string, args: Args, options?: pulumi.CustomResourceOptions) => pulumi.Resource;

export interface Stack {
  name: string;
  all: Made[];
  /** Resources of a class. */
  of<Args>(type: ResourceClass<Args>): Made<Args>[];
  /** The one resource of a class, and of a name where there are several. */
  one<Args>(type: ResourceClass<Args>, name?: string): Made<Args>;
  outputs: Record<string, unknown>;
}

const deployed = new Map<string, Promise<Stack>>();
let last: Promise<unknown> = Promise.resolve();

/**
 * Deploys a stack on a pretended engine: without network, and with the inputs that a real one would get. The same one is
 * deployed once, and one after the other, because Pulumi has one engine to a process.
 */
export function deployStack(name: string, changes: Record<string, unknown> = {}): Promise<Stack> {
  const key = `${name} ${JSON.stringify(changes)}`;
  let stack = deployed.get(key);
  if (!stack) {
    stack = last.then(() => deployNow(name, changes));
    deployed.set(key, stack);
    last = stack.catch(() => undefined);
  }
  return stack;
}

async function deployNow(name: string, changes: Record<string, unknown>): Promise<Stack> {
  const made: Made[] = [];
  const protectedOnes = new Set<string>();
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        if (custom) made.push({ type, name, inputs: inputs as Record<string, never>, protect: false });
        return created(type, name, inputs as Record<string, unknown>);
      },
      call({ token }) {
        throw new Error(`${token} is a look-up: a preview must work without network.`);
      },
    },
    'claqueta',
    name,
    false,
  );
  pulumi.runtime.setAllConfig(configOf(name, changes));
  // Pulumi notes a stack trace for each of its thousands of promises, which takes most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const outputs = (await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      if (opts.protect) protectedOnes.add(`${type} ${name}`);
      return undefined;
    });
    return Promise.resolve(deploy(readConfig()));
  })) as unknown as Record<string, unknown>;
  await pulumi.runtime.disconnect();
  Error.stackTraceLimit = stackTraceLimit;
  for (const resource of made) resource.protect = protectedOnes.has(`${resource.type} ${resource.name}`);
  return { name, outputs, all: made, ...finders(made) };
}

/** Configuration as the engine gives it: defaults of the project, then the stack's, then a test's changes. */
export function configOf(stack: string, changes: Record<string, unknown> = {}): Record<string, string> {
  const project = readYaml<{ config: Record<string, { default?: unknown }> }>('Pulumi.yaml').config;
  const defaults = Object.entries(project).map(([name, { default: value }]) => [`claqueta:${name}`, value] as const);
  const own = Object.entries(readYaml<{ config: Record<string, unknown> }>(`Pulumi.${stack}.yaml`).config);
  const changed = Object.entries(changes).map(([name, value]) => [`claqueta:${name}`, value] as const);
  return Object.fromEntries(
    [...defaults, ...own, ...changed]
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function finders(made: Made[]): Pick<Stack, 'of' | 'one'> {
  const of = <Args>(type: ResourceClass<Args>) => {
    const token = (type as unknown as { __pulumiType: string }).__pulumiType;
    return made.filter((resource) => resource.type === token) as unknown as Made<Args>[];
  };
  return {
    of,
    one(type, name) {
      const found = of(type).filter((resource) => name === undefined || resource.name === name);
      const [first] = found;
      if (first && found.length === 1) return first;
      throw new Error(`${found.length} of ${type.name} ${name ?? ''}: ${found.map((one) => one.name).join(', ')}`);
    },
  };
}

export function readYaml<T>(file: string, options: { merge?: boolean } = {}): T {
  return parse(readFileSync(path.join(root, file), 'utf8'), options) as T;
}
