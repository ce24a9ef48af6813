import type { TestContext } from 'node:test';
import { run } from '../../client/cli/run.ts';
import { signUp } from './accounts.ts';
import { freshFolder } from './folder.ts';
import type { Service } from './service.ts';

/** The command line with a config folder and an account of its own. */
export async function commandLine(t: TestContext, service: Service) {
  const folder = await freshFolder(t);
  const account = await signUp(service.url);
  const before = { ...process.env };
  t.after(() => {
    for (const name of ['XDG_CONFIG_HOME', 'CLAQUETA_PASSWORD']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  process.env.XDG_CONFIG_HOME = folder;
  process.env.CLAQUETA_PASSWORD = account.password;
  async function claqueta(...args: string[]) {
    const [out, err]: [string[], string[]] = [[], []];
    const collect = (into: string[]) => ({ write: (text: string) => into.push(text) });
    const code = await run(args, { out: collect(out), err: collect(err), signal: new AbortController().signal });
    return { code, out: out.join(''), err: err.join('') };
  }
  return { claqueta, folder, account };
}
