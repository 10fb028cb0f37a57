import type { Listing as ListingMessage } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { invalidArgument, invalidArguments } from '#platform/errors/outcry-error.ts';
import { formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { tickLotMicros } from '#platform/money/grid.ts';
import { readDecimal } from '#platform/validation/request-fields.ts';
import { quantityMax } from '../../engine/model/codes.ts';
import type { Listing } from '../../engine/model/commands.ts';
import { type FieldCheck, firstViolation, isSymbol } from './fields.ts';
import { isWithin } from './order-terms.ts';

const bandBpsMax = 100_000;
const breakerMsMax = 86_400_000;

/** Parses the terms of a book; decimals become canonical, so that 0.010 and 0.01 are the same tick. Throws INVALID_ARGUMENT. */
export function parseListing(message: ListingMessage | undefined): Listing {
  if (!message) throw invalidArgument('listing', 'is missing');
  const { symbol, currency, bandBps, referencePriceTicks, breakerBps, breakerHaltMs, breakerAuctionMs } = message;
  const tick = readDecimal('listing.tick_size', message.tickSize, PRICE_SCALE, { min: 1n });
  const lot = readDecimal('listing.lot_size', message.lotSize, QUANTITY_SCALE, { min: 1n });
  const reference = Number(referencePriceTicks);
  const violation = firstViolation([
    isSymbol(symbol),
    [/^[A-Z]{3}$/.test(currency), 'listing.currency', 'must be an ISO 4217 code'],
    [
      tickLotMicros(tick, lot) !== undefined,
      'listing.tick_size',
      'times the lot must be a whole number of millionths of the currency',
    ],
    [bandBps <= bandBpsMax, 'listing.band_bps', `must be at most ${bandBpsMax}`],
    [reference >= 0 && reference <= quantityMax, 'listing.reference_price_ticks', `must be 0 to ${quantityMax}`],
    [bandBps === 0 || reference > 0, 'listing.reference_price_ticks', 'is needed where there is a band'],
    ...breakerChecks(message),
  ]);
  if (violation) throw invalidArguments([violation]);
  const [tickSize, lotSize] = [formatDecimal(tick, PRICE_SCALE, 0), formatDecimal(lot, QUANTITY_SCALE, 0)];
  const breaker = { breakerBps, breakerHaltMs, breakerAuctionMs };
  return { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks: reference, ...breaker };
}

function breakerChecks({ breakerBps, breakerHaltMs, breakerAuctionMs }: ListingMessage): FieldCheck[] {
  const [min, max] = breakerBps === 0 ? [0, 0] : [1, breakerMsMax];
  const rule = breakerBps === 0 ? 'goes with breaker_bps only' : `must be 1 to ${breakerMsMax}`;
  return [
    [breakerBps <= bandBpsMax, 'listing.breaker_bps', `must be at most ${bandBpsMax}`],
    [isWithin(breakerHaltMs, min, max), 'listing.breaker_halt_ms', rule],
    [isWithin(breakerAuctionMs, min, max), 'listing.breaker_auction_ms', rule],
  ];
}
