/** The exchange's events as far as they concern money. */
export type Side = 'buy' | 'sell';

/** One side of a trade. */
export type TradeSide = { orderId: string; accountId: string; side: Side; remainingLots: bigint };

/** A trade. */
export type TradeEvent = {
  kind: 'traded';
  sequence: bigint;
  tradeId: string;
  symbol: string;
  priceTicks: bigint;
  lots: bigint;
  maker: TradeSide;
  taker: TradeSide;
};

/** An event about orders, at its position in the shard's feed. */
export type OrderEvent =
  | TradeEvent
  | {
      kind: 'accepted';
      sequence: bigint;
      orderId: string;
      accountId: string;
      symbol: string;
      side: Side;
      priceTicks: bigint;
      lots: bigint;
    }
  | { kind: 'rejected' | 'cancelled'; sequence: bigint; orderId: string; accountId: string; timeMs: bigint }
  | {
      kind: 'replaced';
      sequence: bigint;
      orderId: string;
      accountId: string;
      priceTicks: bigint;
      lots: bigint;
      remainingLots: bigint;
    };
