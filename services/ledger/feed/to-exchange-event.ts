import type { FeedEvent, TradedOrder as TradedOrderMessage } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { ExchangeEvent, TradedOrder } from '../domain/exchange-event.ts';
import { SettlementFault } from '../domain/settle.ts';

/** What an event of the feed means to the ledger; undefined for those that move no money. Throws SettlementFault. */
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
      const { orderId, priceTicks, quantityLots, remainingLots } = event.value;
      return { kind: 'replaced', sequence, orderId, priceTicks, lots: quantityLots, remainingLots };
    }
    case 'listed':
    case 'stateChanged':
    case 'accepted':
    case 'levelChanged':
    case 'commandRejected':
    case 'triggered':
    case 'refreshed':
    case 'uncrossed':
    // The shares that accounts own are not the exchange's: whoever orders a split books it here by itself. What it does to
    // orders is told by the events after it.
    case 'split':
      return undefined;
    case undefined:
      // A newer exchange says something that this release does not know: it may concern money, so it is not passed over.
      throw new SettlementFault(sequence, 'the event is of a kind that this release does not know');
    default:
      return event satisfies never;
  }
}

function toTradedOrder(sequence: bigint, order: TradedOrderMessage): TradedOrder {
  const { orderId, accountId, remainingLots } = order;
  if (order.side !== Side.BUY && order.side !== Side.SELL) {
    throw new SettlementFault(sequence, `order ${orderId} traded on no side`);
  }
  return { orderId, accountId, side: order.side === Side.BUY ? 'buy' : 'sell', remainingLots };
}
