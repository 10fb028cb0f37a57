import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { advancePosition } from '#platform/feed/position.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database, Sql } from '#platform/postgres/database.ts';
import { fenceLease } from '#platform/postgres/lease.ts';
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
import { RaceLostError, repeatOnRace } from '../store/repeat-on-race.ts';
import { updateHolds } from '../store/update-holds.ts';
import { writeBalances } from '../store/write-balances.ts';
import { toExchangeEvent } from './to-exchange-event.ts';

/** Which events to settle, and by what right. They follow each other without a gap, directly after the kept position. */
export type SettleOptions = {
  db: Database;
  feed: Pick<FeedWriter, 'append'>;
  positionName: string;
  lease: { name: string; token: bigint };
  events: readonly FeedEvent[];
  now: () => number;
};

/**
 * Settles a run of the exchange's events in one transaction with the position that they lead to, so that each takes effect
 * once. Returns the entries booked. Throws SettlementFault for an event that contradicts the ledger, PositionMovedError or
 * LeaseLostError when another process settles meanwhile; nothing is kept then.
 */
export async function settleEvents(options: SettleOptions): Promise<number> {
  const { db, events, lease, positionName } = options;
  const first = events[0];
  const last = events.at(-1);
  if (!first || !last) return 0;
  const relevant = events.map(toExchangeEvent).filter((event) => event !== undefined);
  return repeatOnRace(() =>
    db.transaction(async (tx) => {
      await fenceLease(tx, lease.name, lease.token);
      await advancePosition(tx, positionName, first.sequence - 1n, last.sequence);
      return relevant.length === 0 ? 0 : settleInTransaction(tx, relevant, options);
    }),
  );
}

async function settleInTransaction(
  tx: Sql,
  events: readonly ExchangeEvent[],
  { feed, now }: SettleOptions,
): Promise<number> {
  // What is no id of ours has no hold; asked for by it, the database would only say that it is malformed.
  const orderIds = [...new Set(events.flatMap(orderIdsOf))].filter(isUuidV7);
  const known = holdsAmong(await readHolds(tx, orderIds));
  const sheet = await lockOrCreateBalances(tx, keysOf(events, known));
  const records = await lockHolds(tx, orderIds);
  for (const orderId of holdsAmong(records).keys()) {
    if (!known.has(orderId)) throw new RaceLostError('a hold was taken meanwhile');
  }
  const result = settle(events, { sheet, holds: holdsAmong(records) });
  await updateHolds(tx, result.changedHolds);
  const endedUnknown = result.endedUnknown.filter((orderId) => isUuidV7(orderId) && !records.has(orderId));
  await closeUnknownHolds(tx, endedUnknown, new Date(now()));
  await writeBalances(tx, sheet);
  if (result.entries.length > 0) await feed.append(tx, result.entries);
  return result.entries.length;
}

/** The balances that the events may change: a trade moves cash and shares, anything else frees what is held. */
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
