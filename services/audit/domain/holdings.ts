/** What accounts own, and what it cost them, by the ledger's facts alone. */
import { mulDiv } from '#platform/money/rounding.ts';
import type { LedgerFact } from './ledger-fact.ts';
import type { ExpectedValues } from './row.ts';

/** A position: millionths of a share, its whole cost and the sum of its gains in cents. */
export type Position = { quantityMicros: bigint; costCents: bigint; realizedCents: bigint };

/** Cash in cents by account, and positions by `<account>/<symbol>`; what is absent is zero. */
export type Holdings = { cash: Map<string, bigint>; positions: Map<string, Position> };

/** The gain of a sale, as it must be stored. */
export type ExpectedGain = { key: string; values: ExpectedValues };

const none: Position = { quantityMicros: 0n, costCents: 0n, realizedCents: 0n };

/**
 * Applies a fact: shares leave at the average cost, rounded half to even, the seller's before the buyer's come. Returns the gain of a trade.
 */
export function applyFact(holdings: Holdings, sequence: bigint, fact: LedgerFact): ExpectedGain | undefined {
  switch (fact.kind) {
    case 'cash':
      addCash(holdings, fact.accountId, fact.amountCents);
      return undefined;
    case 'issue':
      addShares(holdings, `${fact.accountId}/${fact.symbol}`, { micros: fact.micros, costCents: 0n });
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
  const { buyer, seller, symbol, micros, valueCents, tradeId } = fact;
  const soldKey = `${seller.accountId}/${symbol}`;
  const before = holdings.positions.get(soldKey) ?? none;
  const proceedsCents = valueCents - seller.feeCents;
  // A sale of more than is owned is found in the balance; its cost is all that there is.
  const isWhole = micros >= before.quantityMicros;
  const costCents = isWhole ? before.costCents : mulDiv(before.costCents, micros, before.quantityMicros, 'half-even');
  const gainCents = proceedsCents - costCents;
  holdings.positions.set(soldKey, {
    quantityMicros: before.quantityMicros - micros,
    costCents: before.costCents - costCents,
    realizedCents: before.realizedCents + gainCents,
  });
  addCash(holdings, seller.accountId, proceedsCents);
  const paidCents = valueCents + buyer.feeCents;
  addShares(holdings, `${buyer.accountId}/${symbol}`, { micros, costCents: paidCents });
  addCash(holdings, buyer.accountId, -paidCents);
  const values = {
    trade_id: tradeId,
    symbol,
    quantity_micros: micros,
    proceeds_cents: proceedsCents,
    cost_cents: costCents,
    gain_cents: gainCents,
  };
  return { key: `${seller.accountId}/${sequence}`, values };
}

function addShares({ positions }: Holdings, key: string, added: { micros: bigint; costCents: bigint }): void {
  const before = positions.get(key) ?? none;
  const quantityMicros = before.quantityMicros + added.micros;
  positions.set(key, { ...before, quantityMicros, costCents: before.costCents + added.costCents });
}

function addCash({ cash }: Holdings, accountId: string, amountCents: bigint): void {
  cash.set(accountId, (cash.get(accountId) ?? 0n) + amountCents);
}
