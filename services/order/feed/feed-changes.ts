import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { replacePrefix } from '../domain/replace.ts';
import type { FeedChange } from '../domain/transitions.ts';
import { fromCancelReason } from '../rpc/messages/enums.ts';
import { toRefusal } from '../rpc/messages/reasons.ts';

/** The changes of orders in one event of the exchange: none, one, or two for the sides of a trade. */
export function changesOf(feedEvent: FeedEvent): FeedChange[] {
  const { event, sequence } = feedEvent;
  const at = { sequence, timeMs: Number(feedEvent.timeMs) };
  switch (event.case) {
    case 'accepted': {
      const { orderId = '', accountId = '' } = event.value.order ?? {};
      return [{ ...at, kind: 'accepted', orderId, accountId }];
    }
    case 'rejected': {
      const { orderId, accountId, reason, metadata } = event.value;
      return [{ ...at, kind: 'rejected', orderId, accountId, refusal: toRefusal(reason, metadata) }];
    }
    case 'traded': {
      const { tradeId, priceTicks, quantityLots: lots, maker, taker } = event.value;
      return [maker, taker].flatMap((side) =>
        side === undefined
          ? []
          : {
              ...at,
              kind: 'traded' as const,
              orderId: side.orderId,
              accountId: side.accountId,
              tradeId,
              priceTicks,
              lots,
              remainingLots: side.remainingLots,
              maker: side === maker,
            },
      );
    }
    case 'cancelled': {
      const { orderId, accountId, reason, commandId } = event.value;
      return [{ ...at, kind: 'cancelled', orderId, accountId, reason: fromCancelReason(reason), commandId }];
    }
    case 'replaced': {
      const { orderId, accountId, priceTicks, quantityLots, revision, commandId } = event.value;
      return [{ ...at, kind: 'replaced', orderId, accountId, priceTicks, quantityLots, revision, commandId }];
    }
    case 'commandRejected': {
      const { orderId, accountId, reason, commandId } = event.value;
      if (!commandId.startsWith(replacePrefix)) return [];
      return [{ ...at, kind: 'command-rejected', orderId, accountId, refusal: toRefusal(reason, {}), commandId }];
    }
    case 'triggered': {
      const { orderId, accountId } = event.value;
      return [{ ...at, kind: 'triggered', orderId, accountId }];
    }
    default:
      // Listings, trading states, levels, auctions, slices and rejected cancels change no order. A split comes this far only
      // where the symbol has no open order; see refuse-splits.ts.
      return [];
  }
}
