import { openAddressOfRunning } from './db/address.ts';
import { connect, rows, type Db } from './db/connect.ts';
import { SettingsError } from './env.ts';
import { runProgram } from './program.ts';
import { pauseFleet, readFleet, resumeFleet } from './task/fleet.ts';

/** `npm run operator -- <command>`: what is done at the machine and not through the API. */
const commands: Record<string, { does: string; run: (db: Db, argument: string | undefined) => Promise<unknown> }> = {
  pause: {
    does: 'let workers claim no new step; running steps end',
    run: (db) => pauseFleet(db, 'the operator command'),
  },
  resume: { does: 'let workers claim again', run: (db) => resumeFleet(db) },
  status: { does: 'say whether the fleet is paused', run: (db) => readFleet(db) },
  'make-admin': { does: 'give the account with this email address the admin routes', run: makeAdmin },
};

await runProgram(
  'operator',
  async ({ settings, opened }) => {
    const [name, argument] = process.argv.slice(2);
    const command = commands[name ?? ''];
    if (!command) throw new SettingsError([`${name ?? 'nothing'}: not a command`, ...usage()]);
    const { address, close } = await openAddressOfRunning(settings);
    opened({ stop: () => Promise.resolve(close()) });
    const db = connect(address, { name: 'claqueta-operator', max: 1 });
    opened({ stop: () => db.destroy() });
    process.stdout.write(`${JSON.stringify(await command.run(db, argument))}\n`);
    return 0;
  },
  { logFile: () => '/dev/null' },
);

function usage(): string[] {
  return Object.entries(commands).map(([name, { does }]) => `npm run operator -- ${name}: ${does}`);
}

async function makeAdmin(db: Db, email: string | undefined): Promise<{ email: string; role: string }> {
  const [account] = await rows<{ email: string; role: string }>(
    db,
    `update users set role = 'admin' where lower(email) = lower(:email) returning email, role`,
    { email: email ?? '' },
  );
  if (!account) throw new SettingsError([`${email ?? 'nobody'}: there is no account with this email address`]);
  return account;
}
