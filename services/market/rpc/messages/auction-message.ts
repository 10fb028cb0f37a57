/** From auctions to the messages of the contract. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type AuctionSchema, AuctionKind as ContractKind } from '#gen/outcry/market/v1/market_pb.ts';
import type { Auction, AuctionKind } from '../../domain/auction.ts';
import { marketDayAt, phaseAt } from '../../domain/calendar/calendar.ts';
import { calendarOf } from '../../domain/calendar/calendars.ts';
import { dateText } from '../../domain/calendar/dates.ts';
import { priceText, quantityText, type Terms } from '../../domain/instrument.ts';

const contractKinds: Record<AuctionKind, ContractKind> = {
  opening: ContractKind.OPENING,
  closing: ContractKind.CLOSING,
  reopening: ContractKind.REOPENING,
};
const kinds = new Map(Object.entries(contractKinds).map(([kind, number]) => [number, kind as AuctionKind]));

/** The number of a kind. */
export function numberOfKind(kind: AuctionKind): ContractKind {
  return contractKinds[kind];
}

/** The kind of a number; that of a later release counts as a reopening. */
export function kindOfNumber(number: ContractKind): AuctionKind {
  return kinds.get(number) ?? 'reopening';
}

/** An auction with its price in dollars. */
export function auctionMessageOf(auction: Auction, terms: Terms): MessageInitShape<typeof AuctionSchema> {
  return {
    symbol: auction.symbol,
    kind: contractKinds[auction.kind],
    time: timestampFromMs(auction.timeMs),
    sessionDate: sessionDateOf(auction.timeMs, terms),
    price: priceText(auction.priceTicks, terms),
    quantity: quantityText(auction.quantityLots, terms),
  };
}

function sessionDateOf(timeMs: number, terms: Terms): string {
  const calendar = calendarOf(terms.calendar);
  if (calendar === undefined) return '';
  // A close belongs to the session that it ends.
  return dateText(calendar.sessions === undefined ? marketDayAt(calendar, timeMs) : phaseAt(calendar, timeMs).day);
}
