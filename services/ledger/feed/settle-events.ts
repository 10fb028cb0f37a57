import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { TransactionConflictError } from '#platform/postgres/failures.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { cashAsset, feeAccount, issuerAccount } from '../domain/asset.ts';
import type { BalanceKey } from '../domain/balance-sheet.ts';
import type { ExchangeEvent } from '../domain/exchange-event.ts';
import { holdsAmong } from '../domain/hold-record.ts';
import { settle } from '../domain/settle.ts';
import type { FeedWriter } from '../events/feed-writer.ts';
import { closeUnknownHolds } from '../store/close-unknown-holds.ts';
import { lockLists, writeComingLots } from '../store/lists.ts';
import { distinct } from '../store/lock-balances.ts';
import { lockSettlement, type SettlementKeys } from '../store/lock-settlement.ts';
import { readHolds } from '../store/read-holds.ts';
import { writeAmendments } from '../store/write-amendments.ts';
import { writeChanges } from '../store/write-changes.ts';
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
  const keys = keysOf(events);
  const { sheet, records } = await lockSettlement(tx, keys);
  const unknown = keys.orderIds.filter((orderId) => !records.has(orderId));
  await requireUnknown(tx, unknown);
  const holds = holdsAmong(records);
  const lists = await lockLists(tx, holds);
  const { entries, changedHolds, endedUnknown } = settle(events, { sheet, holds, lists });
  const toClose = new Set(endedUnknown);
  await closeUnknownHolds(
    tx,
    unknown.filter((orderId) => toClose.has(orderId)),
    new Date(nowMs()),
  );
  await writeAmendments(tx, changedHolds);
  await writeComingLots(tx, changedHolds);
  const changes = { sheet, holds: changedHolds };
  if (entries.length > 0) await feed.append(tx, entries, changes);
  else await writeChanges(tx, changes);
  return entries.length;
}

/** Begins again when one of the ids was stored while the statement that found none was waiting for its locks. */
async function requireUnknown(tx: Sql, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  const { size } = await readHolds(tx, orderIds);
  if (size > 0) throw new TransactionConflictError('a hold was taken meanwhile');
}

/**
 * What the events touch: a trade moves cash and shares of both owners, any other event frees what its order holds. The owners are those that
 * the exchange names; where the hold is of another one, the trade cannot be settled.
 */
function keysOf(events: readonly ExchangeEvent[]): SettlementKeys {
  const balances: BalanceKey[] = [];
  const traded = new Set<string>();
  const others = new Set<string>();
  for (const event of events) {
    if (event.kind === 'split') {
      balances.push({ accountId: issuerAccount, asset: event.symbol });
      continue;
    }
    if (event.kind !== 'traded') {
      others.add(event.orderId);
      continue;
    }
    balances.push({ accountId: feeAccount, asset: cashAsset });
    for (const { orderId, accountId } of [event.maker, event.taker]) {
      traded.add(orderId);
      // An id in another form has no hold and no balance, and the database would refuse the whole query because of it.
      if (!isUuidV7(accountId)) continue;
      for (const asset of [cashAsset, event.symbol]) balances.push({ accountId, asset });
    }
  }
  const untradedIds = [...others.difference(traded)].filter(isUuidV7);
  const orderIds = [...[...traded].filter(isUuidV7), ...untradedIds];
  return { balances: distinct(balances), orderIds, untradedIds };
}
