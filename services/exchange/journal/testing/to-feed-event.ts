import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { ListingSchema, type NewOrderSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { type FeedEvent, FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { Command, Listing } from '../../engine/model/commands.ts';
import type { AcceptedOrder, EngineEvent, TradedOrder } from '../../engine/model/events.ts';
import { askedPriceTicks, reasonMetadata } from '../reason-metadata.ts';

/** What an event of the engine is on the feed, field by field. */
export function toFeedEvent(
  event: EngineEvent,
  at: { sequence: number; timeMs: number; tradeId: string; checksum: number; command: Command; listing: Listing },
): FeedEvent {
  return create(FeedEventSchema, {
    ...{ sequence: BigInt(at.sequence), timeMs: BigInt(at.timeMs), symbol: event.symbol },
    event: contentOf(event, at),
  });
}

function contentOf(
  event: EngineEvent,
  { tradeId, checksum, command, listing }: { tradeId: string; checksum: number; command: Command; listing: Listing },
): MessageInitShape<typeof FeedEventSchema>['event'] {
  switch (event.kind) {
    case 'listed':
      return { case: 'listed', value: { listing: toListing(event.listing) } };
    case 'stateChanged':
      return { case: 'stateChanged', value: { state: event.state, cause: event.cause } };
    case 'accepted': {
      const { listId, type: listType, place: listPlace } = event.list ?? {};
      return { case: 'accepted', value: { order: toOrder(event.order, event.symbol), listId, listType, listPlace } };
    }
    case 'rejected': {
      const { orderId, accountId, reason, detailA, detailB } = event;
      const priceTicks = askedPriceTicks(command, detailA, detailB);
      const metadata = reasonMetadata({ reason, detailA, detailB, listing, priceTicks });
      return { case: 'rejected', value: { orderId, accountId, reason: reason as number as ErrorReason, metadata } };
    }
    case 'traded': {
      const [maker, taker] = [toTraded(event.maker), toTraded(event.taker)];
      const size = { priceTicks: BigInt(event.priceTicks), quantityLots: BigInt(event.quantityLots) };
      return { case: 'traded', value: { tradeId, ...size, maker, taker, auction: event.auction } };
    }
    case 'cancelled': {
      const { orderId, accountId, reason, remainingLots, commandId } = event;
      return {
        case: 'cancelled',
        value: { orderId, accountId, reason, commandId, remainingLots: BigInt(remainingLots) },
      };
    }
    case 'replaced': {
      const { orderId, accountId, revision, commandId, priorityKept } = event;
      const [priceTicks, quantityLots] = [BigInt(event.priceTicks), BigInt(event.quantityLots)];
      const terms = { priceTicks, quantityLots, remainingLots: BigInt(event.remainingLots), revision };
      return { case: 'replaced', value: { orderId, accountId, ...terms, commandId, priorityKept } };
    }
    case 'triggered': {
      const prices = { stopPriceTicks: BigInt(event.stopPriceTicks), lastPriceTicks: BigInt(event.lastPriceTicks) };
      return { case: 'triggered', value: { orderId: event.orderId, accountId: event.accountId, ...prices } };
    }
    case 'refreshed': {
      const { orderId, accountId, shownLots } = event;
      return { case: 'refreshed', value: { orderId, accountId, shownLots: BigInt(shownLots) } };
    }
    case 'uncrossed': {
      const value = { priceTicks: BigInt(event.priceTicks), quantityLots: BigInt(event.quantityLots) };
      return { case: 'uncrossed', value };
    }
    case 'split':
      return { case: 'split', value: { numerator: event.numerator, denominator: event.denominator } };
    case 'levelChanged': {
      const { side, orderCount } = event;
      const size = { priceTicks: BigInt(event.priceTicks), quantityLots: BigInt(event.quantityLots) };
      return { case: 'levelChanged', value: { side, ...size, orderCount, bookChecksum: checksum } };
    }
    default: {
      const { commandId, orderId, accountId, reason } = event;
      return {
        case: 'commandRejected',
        value: { commandId, orderId, accountId, reason: reason as number as ErrorReason },
      };
    }
  }
}

function toListing(listing: Listing) {
  return create(ListingSchema, { ...listing, referencePriceTicks: BigInt(listing.referencePriceTicks) });
}

function toOrder(order: AcceptedOrder, symbol: string): MessageInitShape<typeof NewOrderSchema> {
  const { selfTrade: selfTradePrevention, selfTradeGroup, ...terms } = order;
  return {
    ...{ orderId: terms.orderId, accountId: terms.accountId, symbol, side: terms.side, type: terms.type },
    ...{ timeInForce: terms.timeInForce, postOnly: terms.postOnly, slide: terms.slide, trailBps: terms.trailBps },
    ...{ selfTradePrevention, selfTradeGroup: selfTradeGroup === terms.accountId ? '' : selfTradeGroup },
    ...{ priceTicks: BigInt(terms.priceTicks), quantityLots: BigInt(terms.quantityLots) },
    ...{ stopPriceTicks: BigInt(terms.stopPriceTicks), trailTicks: BigInt(terms.trailTicks) },
    ...{ displayLots: BigInt(terms.displayLots), minimumLots: BigInt(terms.minimumLots) },
    ...{ expireTimeMs: BigInt(terms.expireTimeMs), sessionId: terms.sessionId, withinBand: terms.withinBand },
    valueMax: BigInt(terms.valueMax),
  };
}

function toTraded({ orderId, accountId, side, remainingLots }: TradedOrder) {
  return { orderId, accountId, side, remainingLots: BigInt(remainingLots) };
}
