import { TransactionConflictError } from '#platform/postgres/failures.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { cashAsset } from '../domain/asset.ts';
import { type BalanceKey, BalanceSheet } from '../domain/balance-sheet.ts';
import { type Hold, heldAsset } from '../domain/hold.ts';
import { holdsAmong } from '../domain/hold-record.ts';
import { releaseHold, releaseLeg } from '../domain/release-hold.ts';
import { closeUnknownHolds } from '../store/close-unknown-holds.ts';
import { lockLists } from '../store/lists.ts';
import { lockBalances } from '../store/lock-balances.ts';
import { lockHolds, readHolds } from '../store/read-holds.ts';
import { writeAmendments } from '../store/write-amendments.ts';
import { writeChanges } from '../store/write-changes.ts';

/** Releases the holds of a group of orders in one transaction; ids without a hold are closed, so that they never get one. */
export async function releaseHolds(db: Database, orderIds: string[], nowMs: number): Promise<void> {
  await db.transaction((tx) => releaseInTransaction(tx, [...new Set(orderIds)], nowMs));
}

async function releaseInTransaction(tx: Sql, orderIds: string[], nowMs: number): Promise<void> {
  const open = openHolds(holdsAmong(await readHolds(tx, orderIds)));
  const sheet = open.length > 0 ? await lockBalances(tx, open.flatMap(keysOf)) : new BalanceSheet();
  const known = new Set(open.map(({ orderId }) => orderId));
  const records = await lockHolds(tx, orderIds);
  const holds = holdsAmong(records);
  const named = openHolds(holds);
  const lists = await lockLists(tx, holds);
  const released = new Set<Hold>();
  for (const hold of named) {
    if (!known.has(hold.orderId)) throw new TransactionConflictError('a hold was taken meanwhile');
    const legs = hold.leg && lists.get(hold.leg.listId);
    if (legs) for (const leg of releaseLeg(hold, legs, sheet)) released.add(leg);
    else if (releaseHold(hold, sheet)) released.add(hold);
  }
  const unknown = orderIds.filter((orderId) => !records.has(orderId));
  await closeUnknownHolds(tx, unknown, new Date(nowMs));
  await writeChanges(tx, { sheet, holds: [...released] });
  await writeAmendments(tx, [...released]);
}

function openHolds(holds: Map<string, Hold>): Hold[] {
  return [...holds.values()].filter(({ state }) => state === 'open');
}

/** Of a leg of a list both assets: its end may free what another leg holds. */
function keysOf({ terms, leg }: Hold): BalanceKey[] {
  const { accountId, symbol } = terms;
  return (leg ? [cashAsset, symbol] : [heldAsset(terms)]).map((asset) => ({ accountId, asset }));
}
