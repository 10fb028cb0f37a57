/** The grid on which books trade: prices in whole ticks, quantities in whole lots. */
import { CASH_SCALE, CENT_SCALE, formatDecimal, microsPerCent, PRICE_SCALE, QUANTITY_SCALE } from './decimal.ts';

/** Most ticks of a price and most lots of a quantity: both are signed 32-bit integers in the book. */
export const gridMax = 2n ** 31n - 1n;

/** Most micros of one tick of one lot. */
export const tickLotMax = gridMax * microsPerCent;

/**
 * Greatest amount of one asset on one account, in millionths of the currency or of a share. Far inside of a signed 64-bit integer, so that
 * sums of a few fit.
 */
export const amountMax = 4_000_000_000_000_000_000n;

const productPerMicro = 10n ** BigInt(PRICE_SCALE + QUANTITY_SCALE - CASH_SCALE);

/**
 * Micros of one tick of one lot, given in millionths of a dollar and of a share. Undefined when that is no whole number above 0: a
 * trade on such a grid would be worth a part of a micro.
 */
export function tickLotMicros(tickMicros: bigint, lotMicros: bigint): bigint | undefined {
  const product = tickMicros * lotMicros;
  return product > 0n && product % productPerMicro === 0n ? product / productPerMicro : undefined;
}

/** Ticks as a decimal price with at least 2 places. */
export function formatTicks(ticks: bigint, tickMicros: bigint): string {
  return formatDecimal(ticks * tickMicros, PRICE_SCALE, CENT_SCALE);
}

/** Lots as a decimal number of shares. */
export function formatLots(lots: bigint, lotMicros: bigint): string {
  return formatDecimal(lots * lotMicros, QUANTITY_SCALE, 0);
}
