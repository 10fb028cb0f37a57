/**
 * Lets the replicas of a service notify each other, through the database that they share, that data of an account has changed. A notice says
 * that there is something to read, never what: it may come without a change, and several changes may come as one.
 */
import type { Database, Sql } from './sql.ts';

// A payload is at most 8,000 bytes; an id with its comma takes 37.
const idsPerPayloadMax = 200;

/** The notices of one channel in this process. */
export type AccountNotices = AsyncDisposable & {
  /**
   * Calls `onChange`, which must not throw, after each change of the account, and when one may have been missed because the connection was
   * lost. Dispose to stop.
   */
  watch(accountId: string, onChange: () => void): Disposable;
};

/** The payloads of NOTIFY for these accounts, for a statement of the caller's own. Ids must be free of commas. */
export function accountPayloads(accountIds: Iterable<string>): string[] {
  const ids = [...new Set(accountIds)];
  const payloads: string[] = [];
  for (let start = 0; start < ids.length; start += idsPerPayloadMax) {
    payloads.push(ids.slice(start, start + idsPerPayloadMax).join(','));
  }
  return payloads;
}

/** Notifies every replica of a change of these accounts, once `tx` has committed. */
export async function announceAccounts(tx: Sql, channel: string, accountIds: Iterable<string>): Promise<void> {
  const payloads = accountPayloads(accountIds);
  if (payloads.length === 0) return;
  await tx.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [channel, payloads]);
}

/** Listens to a channel, for any number of accounts, on the one connection that the database has for notifications. */
export async function listenForAccounts(db: Database, channel: string): Promise<AccountNotices> {
  const watchers = new Map<string, Set<() => void>>();
  const listening = await db.listen(channel, (payload) => {
    // Empty after the connection was lost: any account may have changed meanwhile.
    const accountIds = payload === '' ? [...watchers.keys()] : payload.split(',');
    for (const accountId of accountIds) for (const onChange of [...(watchers.get(accountId) ?? [])]) onChange();
  });
  return {
    watch(accountId, onChange) {
      // The same function may watch twice.
      const watcher = () => onChange();
      const ofAccount = watchers.get(accountId) ?? new Set();
      watchers.set(accountId, ofAccount.add(watcher));
      return {
        [Symbol.dispose]() {
          ofAccount.delete(watcher);
          if (ofAccount.size === 0 && watchers.get(accountId) === ofAccount) watchers.delete(accountId);
        },
      };
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}
