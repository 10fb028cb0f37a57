import type { AccountAdjusted, LedgerEntry, SettledSide } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { microsPerCent } from '#platform/money/decimal.ts';
import type { Entry, TradeSide } from '../domain/entry.ts';
import { InvalidEntryError } from '../domain/position.ts';

const cashAsset = 'USD';

/** An entry of the feed as the domain has it; older releases booked cents. Throws InvalidEntryError for an unknown kind: to skip it would falsify what follows. */
export function toEntry(message: LedgerEntry): Entry {
  const booked = { sequence: message.sequence, timeMs: Number(message.timeMs) };
  const { entry } = message;
  switch (entry.case) {
    case 'tradeSettled': {
      const { tradeId, symbol, quantityMicros, valueCents, buyer, seller } = entry.value;
      const isOfCents = entry.value.valueMicros === 0n;
      const valueMicros = isOfCents ? valueCents * microsPerCent : entry.value.valueMicros;
      const sides = { buyer: toSide(buyer), seller: toSide(seller) };
      return { ...booked, kind: 'trade', tradeId, symbol, quantityMicros, valueMicros, isOfCents, ...sides };
    }
    case 'cashMoved': {
      const { accountId } = entry.value;
      const amountMicros = entry.value.amountMicros || entry.value.amountCents * microsPerCent;
      return { ...booked, kind: 'cash', accountId, amountMicros };
    }
    case 'sharesIssued': {
      const { accountId, symbol, quantityMicros } = entry.value;
      return { ...booked, kind: 'issue', accountId, symbol, quantityMicros };
    }
    case 'accountAdjusted':
      return { ...booked, ...toAdjustment(entry.value) };
    default:
      throw new InvalidEntryError(`entry ${message.sequence} is of no known kind`);
  }
}

/** A correction of cash is a movement of cash like any other. */
function toAdjustment({ accountId, asset, amountMicros, costMicros }: AccountAdjusted) {
  if (asset === cashAsset) return { kind: 'cash', accountId, amountMicros } as const;
  return { kind: 'adjustment', accountId, symbol: asset, quantityMicros: amountMicros, costMicros } as const;
}

function toSide(side: SettledSide | undefined): TradeSide {
  if (side === undefined) throw new InvalidEntryError('a trade lacks a side');
  const { accountId, orderId } = side;
  return { accountId, orderId, feeMicros: side.feeMicros || side.feeCents * microsPerCent };
}
