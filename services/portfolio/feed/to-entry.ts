/** Turns entries of the ledger's feed into the domain's. */
import type { LedgerEntry, SettledSide } from '#gen/outcry/ledger/v1/feed_pb.ts';
import type { Entry, TradeSide } from '../domain/entry.ts';
import { ImpossibleEntryError } from '../domain/position.ts';

/** Throws ImpossibleEntryError for an entry of a kind that this release does not know: skipping it would falsify what follows. */
export function decodeEntry(message: LedgerEntry): Entry {
  const booked = { sequence: message.sequence, timeMs: Number(message.timeMs) };
  const { entry } = message;
  switch (entry.case) {
    case 'tradeSettled': {
      const { tradeId, symbol, quantityMicros, valueCents, buyer, seller } = entry.value;
      const sides = { buyer: decodeSide(buyer), seller: decodeSide(seller) };
      return { ...booked, kind: 'trade', tradeId, symbol, quantityMicros, valueCents, ...sides };
    }
    case 'cashMoved': {
      const { accountId, amountCents } = entry.value;
      return { ...booked, kind: 'cash', accountId, amountCents };
    }
    case 'sharesIssued': {
      const { accountId, symbol, quantityMicros } = entry.value;
      return { ...booked, kind: 'issue', accountId, symbol, quantityMicros };
    }
    default:
      throw new ImpossibleEntryError(`entry ${message.sequence} is of no known kind`);
  }
}

function decodeSide(side: SettledSide | undefined): TradeSide {
  if (side === undefined) throw new ImpossibleEntryError('a trade lacks a side');
  return { accountId: side.accountId, feeCents: side.feeCents };
}
