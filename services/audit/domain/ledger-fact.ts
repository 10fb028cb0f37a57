/** What an entry of the ledger says, and the postings that it must have. */
import { cashAsset, correctionAccount, externalCashAccount, feeAccount, issuerAccount } from './asset.ts';
import type { ExpectedValues } from './row.ts';

/** One side of a settled trade. */
export type FactSide = { accountId: string; orderId: string; feeMicros: bigint };

/** The content of an entry. */
export type LedgerFact = { timeMs: bigint } & (
  | {
      kind: 'trade';
      tradeId: string;
      symbol: string;
      micros: bigint;
      valueMicros: bigint;
      /** Whether a release booked it that counted cash in cents, and rounded the cost of what is sold to one. */
      isOfCents: boolean;
      buyer: FactSide;
      seller: FactSide;
      takerSide: 'buy' | 'sell';
    }
  | { kind: 'cash'; transferId: string; accountId: string; amountMicros: bigint }
  | { kind: 'issue'; issueId: string; accountId: string; symbol: string; micros: bigint }
  | ({ kind: 'adjustment' } & AdjustmentFact)
);

/** A correction of what an account has of one asset, signed; `costMicros` is what added shares cost. */
export type AdjustmentFact = {
  adjustmentId: string;
  accountId: string;
  asset: string;
  amount: bigint;
  costMicros: bigint;
  reason: string;
  reference: string;
  adjustedBy: string;
};

/** One leg of an entry. */
export type Leg = { accountId: string; asset: string; amount: bigint; kind: string; orderId: string };

/** The reference of an entry: what it books, and nothing else books again. */
export function referenceOf(fact: LedgerFact): string {
  switch (fact.kind) {
    case 'trade':
      return fact.tradeId;
    case 'cash':
      return fact.transferId;
    case 'issue':
      return fact.issueId;
    case 'adjustment':
      return fact.adjustmentId;
  }
}

/** The postings of an entry, by line; those of 0 are not written. */
export function legsOf(fact: LedgerFact): Leg[] {
  return allLegs(fact).filter(({ amount }) => amount !== 0n);
}

function allLegs(fact: LedgerFact): Leg[] {
  switch (fact.kind) {
    case 'cash': {
      const { accountId, amountMicros } = fact;
      const kind = amountMicros > 0n ? 'deposit' : 'withdrawal';
      return pair(cashAsset, amountMicros, { kind, from: externalCashAccount, to: accountId });
    }
    case 'issue': {
      const { accountId, symbol, micros } = fact;
      return pair(symbol, micros, { kind: 'issue', from: issuerAccount, to: accountId });
    }
    case 'adjustment': {
      const { accountId, asset, amount } = fact;
      return pair(asset, amount, { kind: 'adjustment', from: correctionAccount, to: accountId });
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

function tradeLegs({ buyer, seller, symbol, micros, valueMicros }: Extract<LedgerFact, { kind: 'trade' }>): Leg[] {
  const leg = ({ accountId, orderId }: FactSide, asset: string, amount: bigint, kind: string): Leg => {
    return { accountId, asset, amount, kind, orderId };
  };
  const fees = buyer.feeMicros + seller.feeMicros;
  return [
    leg(buyer, cashAsset, -valueMicros, 'trade'),
    leg(buyer, symbol, micros, 'trade'),
    leg(buyer, cashAsset, -buyer.feeMicros, 'fee'),
    leg(seller, symbol, -micros, 'trade'),
    leg(seller, cashAsset, valueMicros, 'trade'),
    leg(seller, cashAsset, -seller.feeMicros, 'fee'),
    { accountId: feeAccount, asset: cashAsset, amount: fees, kind: 'fee', orderId: '' },
  ];
}

/** A row of postings. */
export function expectedPosting({ accountId, asset, amount, kind, orderId }: Leg): ExpectedValues {
  return { account_id: accountId, asset, amount, kind, order_id: orderId };
}
