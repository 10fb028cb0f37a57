import type { Side, TermsSnapshot } from './order.ts';

/** What one trade did to one order. */
export type Fill = {
  tradeId: string;
  priceTicks: bigint;
  lots: bigint;
  /** Whether the order was resting. */
  maker: boolean;
  valueMicros: bigint;
  /** What this fill added to the order's fees. */
  feeMicros: bigint;
  /** Sequence of the trade in the exchange's feed. */
  feedSequence: bigint;
  tradeTimeMs: number;
};

/** A fill as it is stored: complete without its order, with its place in the account's own sequence. */
export type StoredFill = Fill &
  Pick<TermsSnapshot, 'tickMicros' | 'lotMicros'> & {
    orderId: string;
    accountId: string;
    symbol: string;
    side: Side;
    changeSequence: bigint;
  };
