import { uuidv7 } from 'uuidv7';
import { auditing, type Origin } from '../../shared/audit.ts';
import { rows, type Db } from '../../shared/db/connect.ts';
import { ApiError } from '../errors.ts';
import { hashPassword, refuseWhenFull } from './passwords.ts';
import { takeSignUp, type ThrottleSettings } from './throttle.ts';

export interface Account {
  id: string;
  username: string;
  email: string;
}

/**
 * Opens an account. That a name or an address is taken has to be said, because there is no other way to tell its owner;
 * it takes as long as a new account does, and each address may ask only so often.
 *
 * @throws ApiError 409 when the name or the address is taken, 429 when too many come from one address or at once
 */
export async function createAccount(
  db: Db,
  settings: ThrottleSettings,
  { username, email, password }: { username: string; email: string; password: string },
  from: Origin & { address: string },
): Promise<Account> {
  refuseWhenFull();
  await takeSignUp(db, settings, from.address);
  const id = uuidv7();
  const passwordHash = await hashPassword(password);
  try {
    await rows(
      db,
      `with made as (
         insert into users (id, username, email, password_hash) values (:id, :username, :email, :passwordHash)
         returning id
       ), line as (${auditing('sign_up', 'made', { user: 'id' })})
       select from made`,
      { id, username, email, passwordHash, ...from },
    );
  } catch (error) {
    throw taken(error) ?? error;
  }
  return { id, username, email };
}

function taken(error: unknown): ApiError | null {
  if (!(error instanceof Error && 'constraint' in error)) return null;
  switch (error.constraint) {
    case 'users_username':
      return new ApiError(409, 'username_taken', 'This username is taken. Choose another, or log in.');
    case 'users_email':
      return new ApiError(409, 'email_taken', 'There is an account with this email address. Log in instead.');
    default:
      return null;
  }
}
