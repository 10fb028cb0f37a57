import type { SelfTradePrevention } from './order-kind.ts';

/** What only some kinds of order state, in ticks and lots; absent: not stated. Plain market and limit orders have none of it. */
export type SpecialTerms = {
  /** The last trade's price that lets a stop enter. */
  stopTicks?: bigint;
  /** Distance of a trailing stop from the price that it follows; either this or `trailBps`. */
  trailTicks?: bigint;
  /** The distance in basis points of that price, 1 to 9,999. */
  trailBps?: number;
  /** Lots that an iceberg shows at a time. */
  displayLots?: bigint;
  /** Lots that must trade at once. */
  minimumLots?: bigint;
  /** Whether a post-only order takes the best price that does not trade. */
  slide?: boolean;
  /** When it expires, Unix milliseconds. */
  expireTimeMs?: number;
  /** Absent: cancel newest. */
  selfTrade?: SelfTradePrevention;
  /** Name of the account's session whose end cancels the order. */
  sessionId?: string;
  /** Cash in micros that an order by amount may take, fee included. Those of the releases before were bounded by their lots, and have none. */
  amountMicros?: bigint;
};

/** The same as its owner states it, before a book gives it a grid: prices in millionths of the currency unit, quantities of a share. */
export type StatedSpecials = Pick<SpecialTerms, 'trailBps' | 'slide' | 'expireTimeMs' | 'selfTrade' | 'sessionId'> & {
  stopPriceMicros?: bigint;
  trailMicros?: bigint;
  displayMicros?: bigint;
  minimumMicros?: bigint;
};

/** The stated ones in one text, in a fixed sequence; different for anything that changes the order. */
export function specialsText(stated: StatedSpecials): string {
  const parts: [string, bigint | number | string | undefined][] = [
    ['stop', stated.stopPriceMicros],
    ['trail', stated.trailMicros],
    ['trail-bps', stated.trailBps],
    ['display', stated.displayMicros],
    ['minimum', stated.minimumMicros],
    ['slide', stated.slide === true ? 1 : undefined],
    ['expires', stated.expireTimeMs],
    ['self-trade', stated.selfTrade],
    ['session', stated.sessionId],
  ];
  return parts.flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`)).join('|');
}
