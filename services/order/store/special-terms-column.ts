import type { Order } from '../domain/order.ts';
import type { SelfTradePrevention, TimeInForce } from '../domain/order-kind.ts';
import type { SpecialTerms } from '../domain/special-terms.ts';

/** Column special_terms: names and numbers as in `SpecialTerms`; ticks, lots and the amount of an order fit a number of JSON. */
export type SpecialTermsColumn = {
  stopTicks?: number;
  trailTicks?: number;
  trailBps?: number;
  displayLots?: number;
  minimumLots?: number;
  slide?: boolean;
  expireTimeMs?: number;
  selfTrade?: SelfTradePrevention;
  sessionId?: string;
  amountMicros?: number;
} | null;

/** Column time_in_force. */
export type TimeInForceColumn = TimeInForce | 'special-gtc';

/** The special terms of a column. */
export function fromSpecialTermsColumn(column: SpecialTermsColumn): SpecialTerms | undefined {
  if (column === null) return undefined;
  const { stopTicks, trailTicks, displayLots, minimumLots, amountMicros, ...others } = column;
  const specials: SpecialTerms = others;
  if (stopTicks !== undefined) specials.stopTicks = BigInt(stopTicks);
  if (trailTicks !== undefined) specials.trailTicks = BigInt(trailTicks);
  if (displayLots !== undefined) specials.displayLots = BigInt(displayLots);
  if (minimumLots !== undefined) specials.minimumLots = BigInt(minimumLots);
  if (amountMicros !== undefined) specials.amountMicros = BigInt(amountMicros);
  return specials;
}

/** The column of special terms. */
export function toSpecialTermsColumn(specials: SpecialTerms | undefined): SpecialTermsColumn {
  if (specials === undefined) return null;
  const { stopTicks, trailTicks, displayLots, minimumLots, amountMicros, ...others } = specials;
  const column: NonNullable<SpecialTermsColumn> = others;
  if (stopTicks !== undefined) column.stopTicks = Number(stopTicks);
  if (trailTicks !== undefined) column.trailTicks = Number(trailTicks);
  if (displayLots !== undefined) column.displayLots = Number(displayLots);
  if (minimumLots !== undefined) column.minimumLots = Number(minimumLots);
  if (amountMicros !== undefined) column.amountMicros = Number(amountMicros);
  return column;
}

/** The time in force of a column. */
export function fromTimeInForceColumn(column: TimeInForceColumn): TimeInForce {
  return column === 'special-gtc' ? 'gtc' : column;
}

/**
 * The column of a time in force. A sweeper of the releases before submits a pending GTC order as a plain limit order, which one with special
 * terms and one of a list is not; anything else it only withdraws.
 */
export function toTimeInForceColumn({ timeInForce, specials, leg }: Order): TimeInForceColumn {
  return timeInForce === 'gtc' && (specials !== undefined || leg !== undefined) ? 'special-gtc' : timeInForce;
}
