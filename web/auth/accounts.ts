import { uuidv7 } from 'uuidv7';
import { rows, type Db } from '../../shared/db/connect.ts';
import { ApiError } from '../errors.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import type { User } from './tokens.ts';

export interface Account {
  id: string;
  username: string;
  email: string;
}

/** @throws ApiError 409 when the name or the address is taken */
export async function createAccount(
  db: Db,
  { username, email, password }: { username: string; email: string; password: string },
): Promise<Account> {
  const id = uuidv7();
  try {
    await db.raw(
      `insert into users (id, username, email, password_hash) values (:id, :username, :email, :passwordHash)`,
      { id, username, email, passwordHash: await hashPassword(password) },
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

/** @throws ApiError 401, the same for an unknown address and a wrong password */
export async function logIn(db: Db, email: string, password: string): Promise<User> {
  const [account] = await rows<{ id: string; role: User['role']; password_hash: string }>(
    db,
    `select id, role, password_hash from users where lower(email) = lower(:email)`,
    { email },
  );
  const right = await checkPassword(password, account?.password_hash ?? null);
  if (!account || !right) throw new ApiError(401, 'wrong_credentials', 'The email address or the password is wrong.');
  return { id: account.id, role: account.role };
}
