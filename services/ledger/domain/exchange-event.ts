import type { Side } from './hold.ts';

/** One side of a trade, as the exchange states it. */
export type TradedOrder = { orderId: string; accountId: string; side: Side; remainingLots: bigint };

/** An event of the exchange that moves or frees what orders hold. Its sequence is that of the shard's feed. */
export type ExchangeEvent = { sequence: bigint } & (
  | {
      kind: 'traded';
      tradeId: string;
      symbol: string;
      priceTicks: bigint;
      lots: bigint;
      maker: TradedOrder;
      taker: TradedOrder;
    }
  /** The order is final: cancelled or rejected. */
  | { kind: 'ended'; orderId: string }
  /** The exchange counts `numerator` new shares of the symbol for `denominator` old ones from here on. */
  | { kind: 'split'; symbol: string; numerator: number; denominator: number }
  | {
      kind: 'replaced';
      orderId: string;
      priceTicks: bigint;
      lots: bigint;
      remainingLots: bigint;
      /** The owner's command that asked for it; empty: none did. */
      commandId: string;
    }
  /** The exchange has refused a cancel or a change of the order, for good. */
  | { kind: 'command-rejected'; orderId: string; commandId: string }
);

/** The name of a shard's feed, under which the position in it is stored. */
export function exchangeFeedOf(shard: number): string {
  return `exchange.${shard}`;
}

/** The shard of a feed, as text. */
export function shardOf(feed: string): string {
  return feed.replace('exchange.', '');
}
