import { type Batcher, createBatcher } from '#platform/batch/batcher.ts';
import type { Database } from '#platform/postgres/database.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { Conditions } from '../domain/trading-conditions.ts';
import { fromConditions } from '../rpc/messages/trading-conditions-message.ts';
import { conditionsChannel } from '../store/notices.ts';
import { readConditions, saveConditions } from '../store/trading-conditions.ts';
import type { Clients } from './clients.ts';

/** The conditions under which accounts trade. */
export type ConditionsCopies = AsyncDisposable & {
  /** The account's conditions; undefined when there is no such account. */
  of(accountId: string): Promise<Conditions | undefined>;
};

const cacheAgeMaxMs = 5_000;
const cacheLengthMax = 10_000;

/**
 * Copies in the table, kept current by events; the user service is asked only for accounts never seen. In front of the table a
 * cache that every replica drops at a change; a read that crosses the change may be kept for 5 s at most. The ledger checks
 * a freeze again when it takes the hold.
 */
export async function openConditions(options: {
  db: Database;
  user: Clients['user'];
  metrics?: Metrics;
}): Promise<ConditionsCopies> {
  const { db, user, metrics } = options;
  const cache = new Map<string, { copy: Conditions; readTimeMs: number }>();
  const listening = await db.listen(conditionsChannel, (accountId) => {
    if (accountId === '') cache.clear();
    else cache.delete(accountId);
  });
  const reads: Batcher<string, Conditions | undefined> = createBatcher({
    name: 'order_conditions',
    itemsMax: 500,
    queueLengthMax: 10_000,
    metrics,
    flush: async (accountIds) => {
      const known = await readConditions(db, accountIds);
      const missing = [...new Set(accountIds)].filter((accountId) => !known.has(accountId));
      if (missing.length > 0) {
        const { accounts } = await user.batchGetConditions({ accountIds: missing }, { timeoutMs: 2_000 });
        const copies = accounts.map(fromConditions);
        await saveConditions(db, copies);
        for (const copy of copies) known.set(copy.accountId, copy);
      }
      return accountIds.map((accountId) => known.get(accountId));
    },
  });
  return {
    async of(accountId) {
      const cached = cache.get(accountId);
      if (cached && performance.now() - cached.readTimeMs < cacheAgeMaxMs) return cached.copy;
      const readTimeMs = performance.now();
      const copy = await reads.submit(accountId);
      cache.delete(accountId);
      if (copy !== undefined) {
        if (cache.size >= cacheLengthMax) cache.delete(cache.keys().next().value as string);
        cache.set(accountId, { copy, readTimeMs });
      }
      return copy;
    },
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await reads[Symbol.asyncDispose]();
    },
  };
}
