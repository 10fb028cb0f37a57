import type { Side } from './hold.ts';

/** One side of a trade, as the exchange tells it. */
export type TradedOrder = { orderId: string; accountId: string; side: Side; remainingLots: bigint };

/** What of the exchange's feed moves or frees what orders hold. Sequence is the position in the shard's feed. */
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
  | { kind: 'replaced'; orderId: string; priceTicks: bigint; lots: bigint; remainingLots: bigint }
);

/** The orders that an event concerns. */
export function orderIdsOf(event: ExchangeEvent): string[] {
  return event.kind === 'traded' ? [event.maker.orderId, event.taker.orderId] : [event.orderId];
}
