import { formatDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { gridMax } from '#platform/money/grid.ts';
import type { Instrument } from './instrument.ts';
import { type Refusal, sharesText } from './order.ts';

/** Scale of a percentage: 100 % is 1,000,000. */
export const PERCENTAGE_SCALE = 4;
const wholePercentage = 100n * 10n ** BigInt(PERCENTAGE_SCALE);

/** How much of a position to sell: a quantity in millionths of a share, or a part of what is available, of which 100 % is 1,000,000. */
export type ClosePart = { kind: 'quantity'; micros: bigint } | { kind: 'percentage'; percentage: bigint };

/** All of what is available. */
export const allOfIt: ClosePart = { kind: 'percentage', percentage: wholePercentage };

/** What an account has of a symbol, in millionths of a share. */
export type Holding = { availableMicros: bigint; heldMicros: bigint };

/** A quantity to sell in millionths of a share, a whole number of lots; with a refusal it is the least that there would have to be. */
export type CloseQuantity = { micros: bigint; refusal: Refusal | undefined };

/** The part of what is available, in whole lots, and no more than a book takes in one order. */
export function closeQuantity(instrument: Instrument, percentage: bigint, holding: Holding): CloseQuantity {
  const { lotMicros, symbol } = instrument;
  const wanted = (holding.availableMicros * percentage) / wholePercentage / lotMicros;
  const lots = wanted > gridMax ? gridMax : wanted;
  if (lots > 0n) return { micros: lots * lotMicros, refusal: undefined };
  const metadata = {
    needed: sharesText(instrument, 1n),
    available: sharesMicrosText(holding.availableMicros),
    held: sharesMicrosText(holding.heldMicros),
    symbol,
  };
  return { micros: lotMicros, refusal: { reason: 'SHARES_INSUFFICIENT', metadata } };
}

/** What a repeat of a request to close must have in common with it: never the quantity that was decided. */
export function closeFingerprint(symbol: string, part: ClosePart): string {
  const size = part.kind === 'quantity' ? `q${part.micros}` : `p${part.percentage}`;
  return ['close', symbol, size].join('|');
}

/** Millionths of a share as a decimal. */
export function sharesMicrosText(micros: bigint): string {
  return formatDecimal(micros, QUANTITY_SCALE);
}
