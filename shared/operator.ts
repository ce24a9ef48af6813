import { makeAdmin, revokeTokens, type Account } from './accounts.ts';
import { audit, NOWHERE, type AuditEvent } from './audit.ts';
import { openAddressOfRunning } from './db/address.ts';
import { connect, type Db } from './db/connect.ts';
import { SettingsError } from './env.ts';
import { runProgram } from './program.ts';
import { pauseFleet, readFleet, resumeFleet } from './task/fleet.ts';

/** `npm run operator -- <command>`: what is done at the machine and not through the API. */
const commands: Record<string, { does: string; run: (db: Db, argument: string) => Promise<unknown> }> = {
  pause: {
    does: 'let workers claim no new step; running steps end',
    run: (db) => audited(db, 'fleet_paused', pauseFleet(db, 'the operator command')),
  },
  resume: { does: 'let workers claim again', run: (db) => audited(db, 'fleet_resumed', resumeFleet(db)) },
  status: { does: 'say whether the fleet is paused', run: (db) => readFleet(db) },
  'make-admin': {
    does: 'give the account with this email address the admin routes',
    run: async (db, email) => found(email, await makeAdmin(db, email, NOWHERE)),
  },
  revoke: {
    does: 'end all sessions of the account with this email address; its tokens fail within 10 s',
    run: async (db, email) => found(email, await revokeTokens(db, { email }, NOWHERE)),
  },
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
    process.stdout.write(`${JSON.stringify(await command.run(db, argument ?? ''))}\n`);
    return 0;
  },
  { logFile: () => '/dev/null' },
);

function usage(): string[] {
  return Object.entries(commands).map(([name, { does }]) => `npm run operator -- ${name}: ${does}`);
}

async function audited<Result>(db: Db, event: AuditEvent, doing: Promise<Result>): Promise<Result> {
  const result = await doing;
  await audit(db, { event, user: null, ...NOWHERE });
  return result;
}

function found(email: string, account: Account | null): Pick<Account, 'email' | 'role'> {
  if (!account) throw new SettingsError([`${email || 'nobody'}: there is no account with this email address`]);
  return { email: account.email, role: account.role };
}
