import type { FeedEvent, TradedOrder as TradedOrderMessage } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { ExchangeEvent, TradedOrder } from '../domain/exchange-event.ts';
import { SettlementFault } from '../domain/settle.ts';

type Kind = NonNullable<FeedEvent['event']['case']>;

/** Whether events of a kind move or free money. */
const movesMoney: Readonly<Record<Kind, boolean>> = {
  traded: true,
  cancelled: true,
  rejected: true,
  replaced: true,
  listed: false,
  stateChanged: false,
  accepted: false,
  levelChanged: false,
  // What is held for a change of an order that is refused.
  commandRejected: true,
  triggered: false,
  refreshed: false,
  uncrossed: false,
  // It frees none, but what accounts own would not be what their orders sell any more.
  split: true,
};

/** Whether the event moves or frees money, or is of a kind that this release does not know, which may. */
export function isRelevant({ event }: FeedEvent): boolean {
  return event.case === undefined || movesMoney[event.case];
}

/** An event of the feed as the ledger's domain has it; undefined for those that move no money. Throws SettlementFault. */
export function toExchangeEvent({ sequence, symbol, event }: FeedEvent): ExchangeEvent | undefined {
  switch (event.case) {
    case 'traded': {
      const { tradeId, priceTicks, quantityLots, maker, taker } = event.value;
      if (!maker || !taker) throw new SettlementFault(sequence, `trade ${tradeId} lacks a side`);
      return {
        kind: 'traded',
        sequence,
        tradeId,
        symbol,
        priceTicks,
        lots: quantityLots,
        maker: toTradedOrder(sequence, maker),
        taker: toTradedOrder(sequence, taker),
      };
    }
    case 'cancelled':
    case 'rejected':
      return { kind: 'ended', sequence, orderId: event.value.orderId };
    case 'replaced': {
      const { orderId, priceTicks, quantityLots, remainingLots, commandId } = event.value;
      return { kind: 'replaced', sequence, orderId, priceTicks, lots: quantityLots, remainingLots, commandId };
    }
    case 'commandRejected': {
      const { orderId, commandId } = event.value;
      return { kind: 'command-rejected', sequence, orderId, commandId };
    }
    case 'split': {
      const { numerator, denominator } = event.value;
      return { kind: 'split', sequence, symbol, numerator, denominator };
    }
    case undefined:
      // An event of a newer exchange, which this release does not know. It may concern money, so it is not skipped.
      throw new SettlementFault(sequence, 'the event is of a kind that this release does not know');
    default:
      return undefined;
  }
}

function toTradedOrder(sequence: bigint, order: TradedOrderMessage): TradedOrder {
  const { orderId, accountId, remainingLots } = order;
  if (order.side !== Side.BUY && order.side !== Side.SELL) {
    throw new SettlementFault(sequence, `order ${orderId} traded on no side`);
  }
  return { orderId, accountId, side: order.side === Side.BUY ? 'buy' : 'sell', remainingLots };
}
