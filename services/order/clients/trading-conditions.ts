import { type Batcher, createBatcher } from '#platform/batch/batcher.ts';
import { isItemFault } from '#platform/batch/item-fault.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { TradingConditions } from '../domain/trading-conditions.ts';
import { fromTradingConditions } from '../rpc/messages/trading-conditions-message.ts';
import { conditionsChannel } from '../store/notices.ts';
import { readTradingConditions } from '../store/read-trading-conditions.ts';
import { saveTradingConditions } from '../store/save-trading-conditions.ts';
import type { Clients } from './clients.ts';

/** The trading conditions of accounts. */
export type TradingConditionsSource = AsyncDisposable & {
  /** The account's conditions; undefined when there is no such account. */
  find(accountId: string): Promise<TradingConditions | undefined>;
};

/** Where the conditions come from. */
export type TradingConditionsOptions = { db: Database; user: Clients['user']; metrics?: Metrics };

const cacheAgeMaxMs = 60_000;
const cacheLengthMax = 10_000;
const callTimeoutMs = 2_000;

/**
 * Copies in the table, updated by events; the user service is asked only for accounts that have no copy. In front of the table is
 * a cache, whose entry every replica drops at a change; what was read while a change came is not cached. The ledger checks a freeze
 * again when it takes the hold.
 */
export async function openTradingConditions(options: TradingConditionsOptions): Promise<TradingConditionsSource> {
  const cache = new Map<string, { copy: TradingConditions; readTimeMs: number }>();
  let changes = 0;
  const listening = await options.db.listen(conditionsChannel, (accountId) => {
    changes += 1;
    if (accountId === '') cache.clear();
    else cache.delete(accountId);
  });
  const reads: Batcher<string, TradingConditions | undefined> = createBatcher({
    name: 'order_conditions',
    isReadOnly: true,
    itemsMax: 500,
    queueLengthMax: 10_000,
    metrics: options.metrics,
    isItemFault,
    flush: (accountIds) => readOrFetch(options, accountIds),
  });
  return {
    async find(accountId) {
      const cached = cache.get(accountId);
      if (cached && performance.now() - cached.readTimeMs < cacheAgeMaxMs) return cached.copy;
      const readTimeMs = performance.now();
      const changesBefore = changes;
      const copy = await reads.submit(accountId);
      cache.delete(accountId);
      if (copy !== undefined && changes === changesBefore) {
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

async function readOrFetch({ db, user }: TradingConditionsOptions, accountIds: string[]) {
  const known = await readTradingConditions(db, accountIds);
  const missing = [...new Set(accountIds)].filter((accountId) => !known.has(accountId));
  if (missing.length > 0) {
    const { accounts } = await user.batchGetConditions({ accountIds: missing }, { timeoutMs: callTimeoutMs });
    const copies = accounts.map(fromTradingConditions);
    await saveTradingConditions(db, copies);
    for (const copy of copies) known.set(copy.accountId, copy);
  }
  return accountIds.map((accountId) => known.get(accountId));
}
