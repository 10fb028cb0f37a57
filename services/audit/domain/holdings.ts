/** What accounts own, and what it cost them, by the ledger's facts alone. */
import { microsPerCent } from '#platform/money/decimal.ts';
import { mulDiv } from '#platform/money/rounding.ts';
import { cashAsset } from './asset.ts';
import type { AdjustmentFact, LedgerFact } from './ledger-fact.ts';
import type { ExpectedValues } from './row.ts';

/** A position: millionths of a share, its whole cost and the sum of its gains in micros; and the cost of what corrections took, absent: 0. */
export type Position = { quantityMicros: bigint; costMicros: bigint; realizedMicros: bigint; takenMicros?: bigint };

/** Cash in micros by account, and positions by `<account>/<symbol>`; what is absent is zero. */
export type Holdings = { cash: Map<string, bigint>; positions: Map<string, Position> };

/** The gain of a sale, as it must be stored. */
export type ExpectedGain = { key: string; values: ExpectedValues };

const none: Position = { quantityMicros: 0n, costMicros: 0n, realizedMicros: 0n };

/**
 * Applies a fact: shares leave at the average cost, rounded half to even, the seller's before the buyer's come. Returns the gain of a trade.
 */
export function applyFact(holdings: Holdings, sequence: bigint, fact: LedgerFact): ExpectedGain | undefined {
  switch (fact.kind) {
    case 'cash':
      addCash(holdings, fact.accountId, fact.amountMicros);
      return undefined;
    case 'issue':
      addShares(holdings, `${fact.accountId}/${fact.symbol}`, { micros: fact.micros, costMicros: 0n });
      return undefined;
    case 'adjustment':
      applyAdjustment(holdings, fact);
      return undefined;
    case 'trade':
      return applyTrade(holdings, sequence, fact);
  }
}

/** The accounts that a fact concerns. */
export function accountsOf(fact: LedgerFact): string[] {
  return fact.kind === 'trade' ? [fact.buyer.accountId, fact.seller.accountId] : [fact.accountId];
}

/** A copy that can be changed by itself. */
export function copyHoldings({ cash, positions }: Holdings): Holdings {
  return { cash: new Map(cash), positions: new Map(positions) };
}

function applyTrade(holdings: Holdings, sequence: bigint, fact: Extract<LedgerFact, { kind: 'trade' }>): ExpectedGain {
  const { buyer, seller, symbol, micros, valueMicros, tradeId } = fact;
  const soldKey = `${seller.accountId}/${symbol}`;
  const before = holdings.positions.get(soldKey) ?? none;
  const proceedsMicros = valueMicros - seller.feeMicros;
  const costMicros = costOf(before, micros, fact.isOfCents ? microsPerCent : 1n);
  const gainMicros = proceedsMicros - costMicros;
  holdings.positions.set(soldKey, {
    ...before,
    quantityMicros: before.quantityMicros - micros,
    costMicros: before.costMicros - costMicros,
    realizedMicros: before.realizedMicros + gainMicros,
  });
  addCash(holdings, seller.accountId, proceedsMicros);
  const paidMicros = valueMicros + buyer.feeMicros;
  addShares(holdings, `${buyer.accountId}/${symbol}`, { micros, costMicros: paidMicros });
  addCash(holdings, buyer.accountId, -paidMicros);
  const values = {
    trade_id: tradeId,
    symbol,
    quantity_micros: micros,
    proceeds_micros: proceedsMicros,
    cost_micros: costMicros,
    gain_micros: gainMicros,
  };
  return { key: `${seller.accountId}/${sequence}`, values };
}

/** Shares come at the cost that is stated and leave with their part of the cost; nothing is gained or lost. */
function applyAdjustment(holdings: Holdings, { accountId, asset, amount, costMicros }: AdjustmentFact): void {
  if (asset === cashAsset) {
    addCash(holdings, accountId, amount);
    return;
  }
  const key = `${accountId}/${asset}`;
  const before = holdings.positions.get(key) ?? none;
  const leaving = amount < 0n ? costOf(before, -amount) : 0n;
  const takenMicros = (before.takenMicros ?? 0n) + leaving;
  if (leaving > 0n) holdings.positions.set(key, { ...before, takenMicros });
  addShares(holdings, key, { micros: amount, costMicros: amount > 0n ? costMicros : -leaving });
}

/** The part of the cost that goes with shares. What is more than is owned is found in the balance; its cost is all that there is. */
function costOf({ quantityMicros, costMicros }: Position, micros: bigint, unitMicros = 1n): bigint {
  if (micros >= quantityMicros) return costMicros;
  return mulDiv(costMicros, micros, quantityMicros * unitMicros, 'half-even') * unitMicros;
}

function addShares({ positions }: Holdings, key: string, added: { micros: bigint; costMicros: bigint }): void {
  const before = positions.get(key) ?? none;
  const quantityMicros = before.quantityMicros + added.micros;
  positions.set(key, { ...before, quantityMicros, costMicros: before.costMicros + added.costMicros });
}

function addCash({ cash }: Holdings, accountId: string, amountMicros: bigint): void {
  cash.set(accountId, (cash.get(accountId) ?? 0n) + amountMicros);
}
