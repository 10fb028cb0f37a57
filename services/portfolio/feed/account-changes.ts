/** Tells the streams of every replica whose holdings changed. */
import type { Database, Sql } from '#platform/postgres/sql.ts';

const channel = 'portfolio_changed';
// A payload has room for 8,000 bytes; an id takes 36 and a comma.
const idsPerPayload = 200;

/** Those who wait for changes of accounts in this process. */
export type AccountChanges = AsyncDisposable & {
  /** Calls `onChange` at each change of the account, and when one may have been missed; dispose to stop. */
  watch(accountId: string, onChange: () => void): Disposable;
};

/** Notifies every replica when `tx` commits. */
export async function announceAccounts(tx: Sql, accountIds: readonly string[]): Promise<void> {
  const payloads: string[] = [];
  for (let start = 0; start < accountIds.length; start += idsPerPayload) {
    payloads.push(accountIds.slice(start, start + idsPerPayload).join(','));
  }
  await tx.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [channel, payloads]);
}

/** Listens for changes of all accounts on one connection. */
export async function listenForAccounts(db: Database): Promise<AccountChanges> {
  const watchers = new Map<string, Set<() => void>>();
  const listening = await db.listen(channel, (payload) => {
    // An empty payload: the connection was lost in between, and anything may have changed.
    const accountIds = payload === '' ? [...watchers.keys()] : payload.split(',');
    for (const accountId of accountIds) for (const onChange of watchers.get(accountId) ?? []) onChange();
  });
  return {
    watch(accountId, onChange) {
      const ofAccount = watchers.get(accountId) ?? new Set();
      watchers.set(accountId, ofAccount.add(onChange));
      return {
        [Symbol.dispose]() {
          ofAccount.delete(onChange);
          if (ofAccount.size === 0 && watchers.get(accountId) === ofAccount) watchers.delete(accountId);
        },
      };
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}
