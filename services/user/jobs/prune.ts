/** Removes what is over: tokens and sessions a day after their end, counts of wrong passwords once they mean nothing, API keys. */

import type { UserDeps } from '../deps.ts';
import { endedKeyStoredMs, secretRepeatedMs } from '../domain/api-key.ts';
import { pruneGuessStates } from '../store/guess-limits.ts';
import { forgetSalts, pruneApiKeys } from '../store/prune-api-keys.ts';
import { pruneRefreshTokens } from '../store/refresh-tokens.ts';
import { pruneSessions } from '../store/sessions.ts';
import { pruneWrongPasswords } from '../store/wrong-passwords.ts';

const rowsMax = 1_000;

/** Removes at most a thousand rows of each kind; whether there may be more. */
export async function pruneOnce({ db, nowMs }: UserDeps): Promise<boolean> {
  const removed = [
    await pruneRefreshTokens(db, rowsMax),
    await pruneSessions(db, rowsMax),
    await pruneGuessStates(db, nowMs(), rowsMax),
    await pruneWrongPasswords(db, nowMs(), rowsMax),
    await forgetSalts(db, nowMs() - secretRepeatedMs, rowsMax),
    await pruneApiKeys(db, nowMs() - endedKeyStoredMs, rowsMax),
  ];
  return removed.includes(rowsMax);
}
