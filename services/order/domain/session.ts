/** Sessions for cancel on disconnect: a lease of an account, on every shard of the exchange, which its owner renews. */

/** A session to open or renew. */
export type SessionRenewal = {
  accountId: string;
  /** Its name, which belongs to the account. */
  sessionId: string;
  /** How long it lives without a renewal, in ms, `ttlMsMin` to `ttlMsMax`. */
  ttlMs: number;
};

/** Least time to live, in ms. */
export const ttlMsMin = 1_000;

/** Greatest time to live, in ms. */
export const ttlMsMax = 3_600_000;

/** Most sessions of an account at a time. */
export const sessionsMax = 10;

/** What is wrong with the name of a session; undefined: nothing. */
export function sessionProblem(sessionId: string): string | undefined {
  return /^[A-Za-z0-9._:-]{1,64}$/.test(sessionId) ? undefined : 'must be 1 to 64 characters of [A-Za-z0-9._:-]';
}
