import type { Listing as ListingMessage } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { invalidArgument, invalidArguments } from '#platform/errors/outcry-error.ts';
import {
  CASH_SCALE,
  DecimalError,
  formatDecimal,
  PRICE_SCALE,
  parseDecimal,
  QUANTITY_SCALE,
} from '#platform/money/decimal.ts';
import { quantityMax } from '../domain/codes.ts';
import type { Listing } from '../domain/commands.ts';
import { firstViolation, isSymbol } from './fields.ts';

const bandBpsMax = 100_000;

/** The terms of a book, decimals in canonical form: 0.010 and 0.01 are the same tick. Throws INVALID_ARGUMENT. */
export function parseListing(message: ListingMessage | undefined): Listing {
  if (!message) throw invalidArgument('listing', 'is missing');
  const { symbol, currency, bandBps, referencePriceTicks } = message;
  const tick = positiveDecimal(message.tickSize, PRICE_SCALE, 'listing.tick_size');
  const lot = positiveDecimal(message.lotSize, QUANTITY_SCALE, 'listing.lot_size');
  const cent = 10n ** BigInt(PRICE_SCALE + QUANTITY_SCALE - CASH_SCALE);
  const reference = Number(referencePriceTicks);
  const violation = firstViolation([
    isSymbol(symbol),
    [/^[A-Z]{3}$/.test(currency), 'listing.currency', 'must be an ISO 4217 code'],
    [(tick * lot) % cent === 0n, 'listing.tick_size', 'times the lot must be a whole number of cents'],
    [bandBps <= bandBpsMax, 'listing.band_bps', `must be at most ${bandBpsMax}`],
    [reference >= 0 && reference <= quantityMax, 'listing.reference_price_ticks', `must be 0 to ${quantityMax}`],
    [bandBps === 0 || reference > 0, 'listing.reference_price_ticks', 'is needed where there is a band'],
  ]);
  if (violation) throw invalidArguments([violation]);
  const [tickSize, lotSize] = [formatDecimal(tick, PRICE_SCALE, 0), formatDecimal(lot, QUANTITY_SCALE, 0)];
  return { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks: reference };
}

function positiveDecimal(text: string, scale: number, field: string): bigint {
  try {
    return parseDecimal(text, scale, { min: 1n });
  } catch (error) {
    if (error instanceof DecimalError) throw invalidArgument(field, error.message);
    throw error;
  }
}
