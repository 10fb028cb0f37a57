import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../state/durable-file.ts';

/** A session as it is stored. */
export type StoredSession = {
  url: string;
  email: string;
  userId: string;
  accessToken: string;
  /** Unix time in ms. */
  accessExpireTimeMs: number;
  refreshToken: string;
};

/** The file of a session with a gateway: tokens are only ever sent to the gateway that made them. `profile`: one of several; default ''. */
export function sessionPath(stateDirectory: string, url: string, profile = ''): string {
  const named = profile === '' ? url : `${url} ${profile}`;
  const name = createHash('sha256').update(named).digest('hex').slice(0, 16);
  return join(stateDirectory, `session-${name}.json`);
}

/** The stored session; undefined when there is none, or the file is not one of ours. */
export function readSession(path: string): StoredSession | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isStoredSession(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      return undefined;
    }
    throw error;
  }
}

/** Stores the session with mode 0600. */
export function writeSession(path: string, session: StoredSession): void {
  writeDurably(path, `${JSON.stringify(session)}\n`);
}

/** Forgets the session; without effect when there is none. */
export function deleteSession(path: string): void {
  rmSync(path, { force: true });
}

function isStoredSession(value: unknown): value is StoredSession {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  const texts = ['url', 'email', 'userId', 'accessToken', 'refreshToken'];
  return texts.every((name) => typeof fields[name] === 'string') && typeof fields.accessExpireTimeMs === 'number';
}
