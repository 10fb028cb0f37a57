/** The exchange's and the ledger's facts as the domain has them. */
import { fromBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CancelReason, type FeedEvent, type TradedOrder } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { LedgerEntrySchema, type SettledSide } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { ListType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsPerCent } from '#platform/money/decimal.ts';
import type { OrderEvent, TradeSide } from '../../domain/exchange-event.ts';
import type { FactSide, LedgerFact } from '../../domain/ledger-fact.ts';

/** The event of the feed; undefined for those that concern no order's money. */
export function toOrderEvent({ sequence, symbol, timeMs, event }: FeedEvent): OrderEvent | undefined {
  switch (event.case) {
    case 'accepted': {
      const { orderId = '', accountId = '', priceTicks = 0n, quantityLots = 0n, side } = event.value.order ?? {};
      const { valueMax = 0n } = event.value.order ?? {};
      const { listId, listType, listPlace } = event.value;
      const role = listType === ListType.OCO ? listPlace + 1 : listPlace;
      const isWaiting = listId !== '' && listType !== ListType.OCO && role > 0;
      const terms = { side: toSide(side), priceTicks, lots: isWaiting ? 0n : quantityLots };
      const place = listId === '' ? {} : { place: { listId, role } };
      return { kind: 'accepted', sequence, orderId, accountId, symbol, ...terms, valueMax, ...place, timeMs };
    }
    case 'rejected': {
      const { orderId, accountId, reason } = event.value;
      const isForgotten = reason === ErrorReason.BOOK_FULL;
      return { kind: 'rejected', sequence, orderId, accountId, timeMs, isForgotten };
    }
    case 'cancelled': {
      const { orderId, accountId, reason, commandId } = event.value;
      const isRequested = reason === CancelReason.REQUESTED && commandId !== '';
      return { kind: 'cancelled', sequence, orderId, accountId, timeMs, ...(isRequested && { commandId }) };
    }
    case 'traded': {
      const { tradeId, priceTicks, quantityLots: lots, maker, taker } = event.value;
      const sides = { maker: toTradeSide(maker), taker: toTradeSide(taker) };
      return { kind: 'traded', sequence, tradeId, symbol, priceTicks, lots, timeMs, ...sides };
    }
    case 'replaced': {
      const { orderId, accountId, priceTicks, quantityLots: lots, remainingLots, commandId } = event.value;
      const command = { timeMs, ...(commandId !== '' && { commandId }) };
      return { kind: 'replaced', sequence, orderId, accountId, priceTicks, lots, remainingLots, ...command };
    }
    default:
      return undefined;
  }
}

function toTradeSide(order: TradedOrder | undefined): TradeSide {
  const { orderId = '', accountId = '', remainingLots = 0n, side } = order ?? {};
  return { orderId, accountId, remainingLots, side: toSide(side) };
}

function toSide(side: Side | undefined): 'buy' | 'sell' {
  return side === Side.SELL ? 'sell' : 'buy';
}

/** The fact of an entry, from the bytes that the ledger has stored, as hexadecimal digits; older releases booked cents; undefined when they are none. */
export function toLedgerFact(hex: string): LedgerFact | undefined {
  try {
    const { timeMs, entry } = fromBinary(LedgerEntrySchema, Buffer.from(hex, 'hex'));
    switch (entry.case) {
      case 'tradeSettled': {
        const { tradeId, symbol, quantityMicros: micros, valueCents, buyer, seller, takerSide } = entry.value;
        const isOfCents = entry.value.valueMicros === 0n;
        const valueMicros = isOfCents ? valueCents * microsPerCent : entry.value.valueMicros;
        const sides = { buyer: toFactSide(buyer), seller: toFactSide(seller), takerSide: toSide(takerSide) };
        return { timeMs, kind: 'trade', tradeId, symbol, micros, valueMicros, isOfCents, ...sides };
      }
      case 'cashMoved': {
        const { transferId, accountId } = entry.value;
        const amountMicros = entry.value.amountMicros || entry.value.amountCents * microsPerCent;
        return { timeMs, kind: 'cash', transferId, accountId, amountMicros };
      }
      case 'sharesIssued': {
        const { issueId, accountId, symbol, quantityMicros: micros } = entry.value;
        return { timeMs, kind: 'issue', issueId, accountId, symbol, micros };
      }
      case 'accountAdjusted': {
        const { $typeName: _, $unknown: __, amountMicros: amount, ...same } = entry.value;
        return { timeMs, kind: 'adjustment', amount, ...same };
      }
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

function toFactSide(side: SettledSide | undefined): FactSide {
  const { accountId = '', orderId = '', feeMicros = 0n, feeCents = 0n } = side ?? {};
  return { accountId, orderId, feeMicros: feeMicros || feeCents * microsPerCent };
}
