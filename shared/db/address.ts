import path from 'node:path';
import type { ClientConfig } from 'pg';
import { NO_DATABASE, SettingsError, type Settings } from '../env.ts';
import { runningPostgres } from './embedded/running.ts';

/** Where a database is: its URL, or what makes each connection to it. */
export type Address = string | (() => Promise<ClientConfig>);

export interface OpenAddress {
  address: Address;
  close: () => void;
}

type DatabaseSettings = Pick<Settings, 'DATABASE_URL' | 'DATABASE_INSTANCE' | 'DATABASE_USER' | 'DATABASE_NAME'>;

/**
 * The database that the separate processes are told of.
 *
 * @throws SettingsError when they are told of none
 */
export async function openAddress(settings: DatabaseSettings): Promise<OpenAddress> {
  if (settings.DATABASE_INSTANCE) return cloudSqlAddress(settings.DATABASE_INSTANCE, settings);
  if (settings.DATABASE_URL) return { address: settings.DATABASE_URL, close: () => {} };
  throw new SettingsError([NO_DATABASE]);
}

/** As `openAddress`; without either setting, the database of the `npm start` that runs on the data folder. */
export async function openAddressOfRunning(settings: DatabaseSettings & { DATA_DIR: string }): Promise<OpenAddress> {
  if (settings.DATABASE_INSTANCE ?? settings.DATABASE_URL) return openAddress(settings);
  const url = await runningPostgres(path.resolve(settings.DATA_DIR, 'postgres'));
  if (url) return { address: url, close: () => {} };
  throw new SettingsError([`No service runs on ${settings.DATA_DIR}: start it, or set DATABASE_URL or DATA_DIR`]);
}

/** Cloud SQL at its private address, logged in as the process's own identity: no password anywhere. */
async function cloudSqlAddress(instance: string, settings: DatabaseSettings): Promise<OpenAddress> {
  // Loaded only here: one machine has no use for it.
  const { AuthTypes, Connector, IpAddressTypes } = await import('@google-cloud/cloud-sql-connector');
  const connector = new Connector();
  return {
    address: async () => {
      const options = await connector.getOptions({
        instanceConnectionName: instance,
        ipType: IpAddressTypes.PRIVATE,
        authType: AuthTypes.IAM,
      });
      return { ...options, user: settings.DATABASE_USER ?? '', database: settings.DATABASE_NAME };
    },
    close: () => connector.close(),
  };
}
