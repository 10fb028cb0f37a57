import { formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { amountMax, gridMax } from '#platform/money/grid.ts';
import { TermsError } from './terms-error.ts';

/** The terms of a book. */
export type Instrument = {
  symbol: string;
  /** Shard of the exchange that has the book. */
  shard: number;
  /** Price of one tick in millionths of the currency unit. */
  tickMicros: bigint;
  /** Shares of one lot in millionths. */
  lotMicros: bigint;
  /** Micros of one tick of one lot. */
  tickLotMicros: bigint;
  /** Greatest distance of a price from the last price in basis points; 0: no band. */
  bandBps: number;
  /** Price at the listing in ticks. */
  referencePriceTicks: bigint;
};

/** Greatest value of one order in micros: ten thousand of them still add up in 64 bits. */
const orderValueMaxMicros = 5n * 10n ** 14n;

/** A price in whole ticks. Throws TermsError PRICE_NOT_ON_TICK, or INVALID_FIELD when it is out of range. */
export function toTicks({ tickMicros }: Pick<Instrument, 'tickMicros'>, priceMicros: bigint, field: string): bigint {
  if (priceMicros % tickMicros !== 0n) {
    const price = formatDecimal(priceMicros, PRICE_SCALE);
    const tick = formatDecimal(tickMicros, PRICE_SCALE);
    throw new TermsError(field, `must be a multiple of the tick ${tick}`, 'PRICE_NOT_ON_TICK', { price, tick });
  }
  const ticks = priceMicros / tickMicros;
  if (ticks < 1n || ticks > gridMax) throw new TermsError(field, 'is out of the range of the book');
  return ticks;
}

/** A quantity in whole lots. Throws TermsError QUANTITY_NOT_ON_LOT, or INVALID_FIELD when it is out of range. */
export function toLots({ lotMicros }: Pick<Instrument, 'lotMicros'>, quantityMicros: bigint, field: string): bigint {
  if (quantityMicros % lotMicros !== 0n) {
    const quantity = formatDecimal(quantityMicros, QUANTITY_SCALE);
    const lot = formatDecimal(lotMicros, QUANTITY_SCALE);
    throw new TermsError(field, `must be a multiple of the lot ${lot}`, 'QUANTITY_NOT_ON_LOT', { quantity, lot });
  }
  const lots = quantityMicros / lotMicros;
  checkLots(lotMicros, lots, field);
  return lots;
}

/** Throws TermsError for lots that the book cannot take, and for more shares than an account can have. */
function checkLots(lotMicros: bigint, lots: bigint, field: string): void {
  if (lots < 1n || lots > gridMax) throw new TermsError(field, 'is out of the range of the book');
  if (lots * lotMicros > amountMax) throw new TermsError(field, 'is more than an account can have');
}

/** Whether no book takes so many lots of such a value, or no account can have them. */
export function isTooLarge({ lotMicros }: Instrument, lots: bigint, notionalMicros: bigint): boolean {
  return lots > gridMax || lots * lotMicros > amountMax || notionalMicros > orderValueMaxMicros;
}

/** Throws TermsError when an order of this value is greater than any book takes. */
export function checkValue(valueMicros: bigint, field: string): void {
  if (valueMicros > orderValueMaxMicros) throw new TermsError(field, 'makes the order too large');
}
