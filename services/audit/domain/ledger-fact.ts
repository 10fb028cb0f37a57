/** What an entry of the ledger says, and the postings that it must have. */
import { cashAsset, externalCashAccount, feeAccount, issuerAccount } from './asset.ts';
import type { ExpectedValues } from './row.ts';

/** One side of a settled trade. */
export type FactSide = { accountId: string; orderId: string; feeCents: bigint };

/** The content of an entry. */
export type LedgerFact = { timeMs: bigint } & (
  | {
      kind: 'trade';
      tradeId: string;
      symbol: string;
      micros: bigint;
      valueCents: bigint;
      buyer: FactSide;
      seller: FactSide;
      takerSide: 'buy' | 'sell';
    }
  | { kind: 'cash'; transferId: string; accountId: string; amountCents: bigint }
  | { kind: 'issue'; issueId: string; accountId: string; symbol: string; micros: bigint }
);

/** One leg of an entry. */
export type Leg = { accountId: string; asset: string; amount: bigint; kind: string; orderId: string };

/** The reference of an entry: what it books, and nothing else books again. */
export function referenceOf(fact: LedgerFact): string {
  if (fact.kind === 'trade') return fact.tradeId;
  return fact.kind === 'cash' ? fact.transferId : fact.issueId;
}

/** The postings of an entry, by line; those of 0 are not written. */
export function legsOf(fact: LedgerFact): Leg[] {
  return allLegs(fact).filter(({ amount }) => amount !== 0n);
}

function allLegs(fact: LedgerFact): Leg[] {
  switch (fact.kind) {
    case 'cash': {
      const { accountId, amountCents } = fact;
      const kind = amountCents > 0n ? 'deposit' : 'withdrawal';
      return pair(cashAsset, amountCents, { kind, from: externalCashAccount, to: accountId });
    }
    case 'issue': {
      const { accountId, symbol, micros } = fact;
      return pair(symbol, micros, { kind: 'issue', from: issuerAccount, to: accountId });
    }
    case 'trade':
      return tradeLegs(fact);
  }
}

function pair(asset: string, amount: bigint, { kind, from, to }: { kind: string; from: string; to: string }): Leg[] {
  return [
    { accountId: to, asset, amount, kind, orderId: '' },
    { accountId: from, asset, amount: -amount, kind, orderId: '' },
  ];
}

function tradeLegs({ buyer, seller, symbol, micros, valueCents }: Extract<LedgerFact, { kind: 'trade' }>): Leg[] {
  const leg = ({ accountId, orderId }: FactSide, asset: string, amount: bigint, kind: string): Leg => {
    return { accountId, asset, amount, kind, orderId };
  };
  const fees = buyer.feeCents + seller.feeCents;
  return [
    leg(buyer, cashAsset, -valueCents, 'trade'),
    leg(buyer, symbol, micros, 'trade'),
    leg(buyer, cashAsset, -buyer.feeCents, 'fee'),
    leg(seller, symbol, -micros, 'trade'),
    leg(seller, cashAsset, valueCents, 'trade'),
    leg(seller, cashAsset, -seller.feeCents, 'fee'),
    { accountId: feeAccount, asset: cashAsset, amount: fees, kind: 'fee', orderId: '' },
  ];
}

/** A row of postings. */
export function expectedPosting({ accountId, asset, amount, kind, orderId }: Leg): ExpectedValues {
  return { account_id: accountId, asset, amount, kind, order_id: orderId };
}
