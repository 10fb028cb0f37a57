import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { ListType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { OrderEvent, TradeSide } from '../domain/exchange-event.ts';

const sides = { buy: Side.BUY, sell: Side.SELL };

/** The event as the exchange sends it. */
export function toFeedEvent(event: OrderEvent): MessageInitShape<typeof FeedEventSchema> {
  const { sequence } = event;
  switch (event.kind) {
    case 'accepted': {
      const { orderId, accountId, symbol, side, priceTicks, lots: quantityLots, valueMax } = event;
      const order = { orderId, accountId, symbol, side: sides[side], priceTicks, quantityLots, valueMax };
      const { place } = event;
      if (place === undefined) return { sequence, symbol, event: { case: 'accepted', value: { order } } };
      // Exits have lots as they come in OCO alone.
      const isOco = place.role > 0 && quantityLots > 0n;
      const list = {
        listId: place.listId,
        listType: isOco ? ListType.OCO : ListType.BRACKET,
        listPlace: isOco ? place.role - 1 : place.role,
      };
      return { sequence, symbol, event: { case: 'accepted', value: { order, ...list } } };
    }
    case 'traded': {
      const { tradeId, symbol, priceTicks, lots: quantityLots, maker, taker } = event;
      const value = { tradeId, priceTicks, quantityLots, maker: toSide(maker), taker: toSide(taker) };
      return { sequence, symbol, event: { case: 'traded', value } };
    }
    case 'replaced': {
      const { orderId, accountId, priceTicks, lots: quantityLots, remainingLots } = event;
      const value = { orderId, accountId, priceTicks, quantityLots, remainingLots };
      return { sequence, event: { case: 'replaced', value } };
    }
    default: {
      const { orderId, accountId } = event;
      return { sequence, event: { case: event.kind, value: { orderId, accountId } } };
    }
  }
}

function toSide({ side, ...rest }: TradeSide) {
  return { ...rest, side: sides[side] };
}
