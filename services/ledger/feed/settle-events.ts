import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { TransactionConflictError } from '#platform/postgres/failures.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { cashAsset, feeAccount } from '../domain/asset.ts';
import type { BalanceKey } from '../domain/balance-sheet.ts';
import { type ExchangeEvent, orderIdsOf } from '../domain/exchange-event.ts';
import { type Hold, heldAsset } from '../domain/hold.ts';
import { holdsAmong } from '../domain/hold-record.ts';
import { settle } from '../domain/settle.ts';
import type { FeedWriter } from '../events/feed-writer.ts';
import { closeUnknownHolds } from '../store/close-unknown-holds.ts';
import { lockOrCreateBalances } from '../store/lock-balances.ts';
import { lockHolds, readHolds } from '../store/read-holds.ts';
import { updateHolds } from '../store/update-holds.ts';
import { writeBalances } from '../store/write-balances.ts';
import { toExchangeEvent } from './to-exchange-event.ts';

/** What settlement works with. */
export type SettleOptions = { feed: Pick<FeedWriter, 'append'>; nowMs: () => number };

/**
 * Settles a run of the exchange's events, in the transaction that moves the position in its feed, so that each takes effect once.
 * Returns the number of entries booked. Throws SettlementFault for an event that contradicts the ledger, and TransactionConflictError when
 * a hold was taken meanwhile.
 */
export async function settleEvents(tx: Sql, events: readonly FeedEvent[], options: SettleOptions): Promise<number> {
  const relevant = events.map(toExchangeEvent).filter((event) => event !== undefined);
  return relevant.length === 0 ? 0 : settleRelevant(tx, relevant, options);
}

async function settleRelevant(
  tx: Sql,
  events: readonly ExchangeEvent[],
  { feed, nowMs }: SettleOptions,
): Promise<number> {
  // An id in another form has no hold, and the database would refuse the whole query because of it.
  const orderIds = [...new Set(events.flatMap(orderIdsOf))].filter(isUuidV7);
  const known = holdsAmong(await readHolds(tx, orderIds));
  const sheet = await lockOrCreateBalances(tx, keysOf(events, known));
  const records = await lockHolds(tx, orderIds);
  for (const orderId of holdsAmong(records).keys()) {
    if (!known.has(orderId)) throw new TransactionConflictError('a hold was taken meanwhile');
  }
  const result = settle(events, { sheet, holds: holdsAmong(records) });
  await updateHolds(tx, result.changedHolds);
  const endedUnknown = result.endedUnknown.filter((orderId) => isUuidV7(orderId) && !records.has(orderId));
  await closeUnknownHolds(tx, endedUnknown, new Date(nowMs()));
  await writeBalances(tx, sheet);
  if (result.entries.length > 0) await feed.append(tx, result.entries);
  return result.entries.length;
}

/** The balances that the events may change: a trade moves cash and shares, any other event frees what is held. */
function* keysOf(events: readonly ExchangeEvent[], holds: ReadonlyMap<string, Hold>): Generator<BalanceKey> {
  for (const event of events) {
    if (event.kind === 'traded') yield { accountId: feeAccount, asset: cashAsset };
    for (const orderId of orderIdsOf(event)) {
      const terms = holds.get(orderId)?.terms;
      if (!terms) continue;
      const assets = event.kind === 'traded' ? [cashAsset, terms.symbol] : [heldAsset(terms)];
      for (const asset of assets) yield { accountId: terms.accountId, asset };
    }
  }
}
