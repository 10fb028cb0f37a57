import { TransactionConflictError } from '#platform/postgres/failures.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { BalanceSheet } from '../domain/balance-sheet.ts';
import { type Hold, heldAsset } from '../domain/hold.ts';
import { holdsAmong } from '../domain/hold-record.ts';
import { releaseHold } from '../domain/release-hold.ts';
import { closeUnknownHolds } from '../store/close-unknown-holds.ts';
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
  const sheet = open.length > 0 ? await lockBalances(tx, open.map(keyOf)) : new BalanceSheet();
  const known = new Set(open.map(({ orderId }) => orderId));
  const records = await lockHolds(tx, orderIds);
  const released: Hold[] = [];
  for (const hold of openHolds(holdsAmong(records))) {
    if (!known.has(hold.orderId)) throw new TransactionConflictError('a hold was taken meanwhile');
    if (releaseHold(hold, sheet)) released.push(hold);
  }
  const unknown = orderIds.filter((orderId) => !records.has(orderId));
  await closeUnknownHolds(tx, unknown, new Date(nowMs));
  await writeChanges(tx, { sheet, holds: released });
  await writeAmendments(tx, released);
}

function openHolds(holds: Map<string, Hold>): Hold[] {
  return [...holds.values()].filter(({ state }) => state === 'open');
}

function keyOf({ terms }: Hold): { accountId: string; asset: string } {
  return { accountId: terms.accountId, asset: heldAsset(terms) };
}
