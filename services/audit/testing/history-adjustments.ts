/** Corrections of a history by an administrator, all of them after its third trade. Written apart from the audit. */
import { create, toBinary } from '@bufbuild/protobuf';
import { LedgerEntrySchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import type { StoredRow } from '../domain/row.ts';
import { type History, idOf, symbol, timeMs } from './history.ts';
import type { Leg } from './history-portfolio.ts';
import { rowOf } from './row-of.ts';

/** The administrator. */
export const administrator = '018f0000-aaaa-7000-8000-0000000000ad';

/** So many trades are settled before. */
export const tradesBefore = 3;

const house = '00000000-0000-0000-0000-000000000004';
// The time in their ids.
const idTimeMs = 0x018f0000ffff;

/** A correction. */
export type HistoryAdjustment = {
  adjustmentId: string;
  accountId: string;
  asset: string;
  amount: bigint;
  cost: bigint;
  timeMs: number;
};

/** Cash to the first account, shares from the second and, with a cost, to the third. */
export function adjustmentsOf({ accounts }: History): HistoryAdjustment[] {
  const terms: [string, bigint, bigint][] = [
    ['USD', 1_234_567n, 0n],
    [symbol, -7_000_003n, 0n],
    [symbol, 5_000_000n, 99_000_001n],
  ];
  return terms.flatMap(([asset, amount, cost], index) => {
    const accountId = accounts[index];
    if (accountId === undefined) return [];
    return [{ adjustmentId: idOf('ffff', index), accountId, asset, amount, cost, timeMs: idTimeMs }];
  });
}

/** Its entry. */
export function bookedAdjustment({ cost, ...adjustment }: HistoryAdjustment) {
  const { adjustmentId, accountId, asset, amount } = adjustment;
  const value = { adjustmentId, accountId, asset, amountMicros: amount, costMicros: cost };
  const said = { reason: 'a correction', reference: '', adjustedBy: administrator };
  const entry = { case: 'accountAdjusted' as const, value: { ...value, ...said } };
  const legs: Leg[] = [
    [accountId, asset, amount, 'adjustment', ''],
    [house, asset, -amount, 'adjustment', ''],
  ];
  return {
    reference: adjustmentId,
    kind: 'adjustment',
    fact: toBinary(LedgerEntrySchema, create(LedgerEntrySchema, { timeMs, entry })),
    legs,
    adjustment: { cost },
  };
}

/** The row of its command. */
export function adjustmentRow({ adjustmentId, accountId, asset, amount, cost }: HistoryAdjustment): StoredRow {
  const terms = { account_id: accountId, asset, amount, cost_micros: cost };
  return rowOf(adjustmentId, { ...terms, reason: 'a correction', reference: '', adjusted_by: administrator });
}
