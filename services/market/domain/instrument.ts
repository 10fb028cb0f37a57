/** The terms of an instrument, and what ticks and lots of it are worth. */
import { CENT_SCALE, formatDecimal, PRICE_SCALE } from '#platform/money/decimal.ts';
import { formatLots, formatTicks, gridMax, tickLotMax, tickLotMicros } from '#platform/money/grid.ts';
import { calendarOf, calendars } from './calendar/calendars.ts';

/** How many units of price and of quantity make one tick and one lot: millionths of a dollar and of a share. */
export type Steps = { tickSize: bigint; lotSize: bigint };

/** What is agreed about an instrument when it is listed; it never changes. */
export type Terms = Steps & {
  symbol: string;
  name: string;
  sector: string;
  /** ISO 4217. */
  currency: string;
  /** Greatest distance of a limit price from the last price in basis points; 0: no band. */
  bandBps: number;
  /** Price at the listing, millionths of a dollar, a whole number of ticks. */
  referencePrice: bigint;
  /** Calendar whose days the book follows. */
  calendar: string;
  /** Circuit breaker: a trade farther from its reference than this, in basis points, halts the book; 0: none. */
  breakerBps: number;
  /** How long it halts the book, and how long the auction is that reopens it, ms; 0 without a breaker. */
  breakerHaltMs: number;
  breakerAuctionMs: number;
};

/** A field of the terms and what is wrong with it, in words for the caller. */
export type TermsViolation = { field: keyof Terms; description: string };

const symbolPattern = /^[A-Z0-9.]{1,12}$/;
const cashCurrency = 'USD';
const nameLengthMax = 80;
const sectorLengthMax = 40;
const bandBpsMax = 10_000;
const breakerBpsMax = 10_000;
const breakerMsMax = 86_400_000;
const calendarNames = calendars.map(({ id }) => id).join(', ');

/** Whether the text can be a symbol: 1 to 12 characters of [A-Z0-9.]. */
function isSymbol(text: string): boolean {
  return symbolPattern.test(text);
}

/** All that is wrong with the terms; empty when they can be listed. */
export function checkTerms(terms: Terms): TermsViolation[] {
  const { symbol, name, sector, tickSize, lotSize, currency, bandBps, referencePrice, calendar, breakerBps } = terms;
  const violations: TermsViolation[] = [];
  const check = (ok: boolean, field: keyof Terms, description: string) => {
    if (!ok) violations.push({ field, description });
  };
  check(isSymbol(symbol), 'symbol', 'must be 1 to 12 characters of [A-Z0-9.]');
  // Accounts have shares by symbol, beside cash by its currency.
  check(symbol !== cashCurrency, 'symbol', `must not be the name of cash, ${cashCurrency}`);
  check(name.trim().length > 0 && name.length <= nameLengthMax, 'name', `must be 1 to ${nameLengthMax} characters`);
  check(sector.length <= sectorLengthMax, 'sector', `must be at most ${sectorLengthMax} characters`);
  check(tickSize > 0n, 'tickSize', 'must be more than 0');
  check(lotSize > 0n, 'lotSize', 'must be more than 0');
  if (tickSize > 0n && lotSize > 0n) {
    const micros = tickLotMicros(tickSize, lotSize);
    check(micros !== undefined, 'lotSize', 'tick size x lot size must be a whole number of millionths of the currency');
    // Beyond it no order could have its hold.
    check(
      micros === undefined || micros <= tickLotMax,
      'lotSize',
      `tick size x lot size must be at most ${tickLotMax} millionths`,
    );
    const onTick = referencePrice > 0n && referencePrice % tickSize === 0n && referencePrice / tickSize <= gridMax;
    check(onTick, 'referencePrice', 'must be 1 to 2147483647 ticks, without a rest');
  }
  check(currency === cashCurrency, 'currency', `must be ${cashCurrency}`);
  check(calendarOf(calendar) !== undefined, 'calendar', `must be one of ${calendarNames}`);
  check(bandBps >= 0 && bandBps <= bandBpsMax, 'bandBps', `must be 0 to ${bandBpsMax}`);
  check(breakerBps >= 0 && breakerBps <= breakerBpsMax, 'breakerBps', `must be 0 to ${breakerBpsMax}`);
  for (const field of ['breakerHaltMs', 'breakerAuctionMs'] as const) {
    check(isBreakerTime(terms[field], breakerBps), field, breakerTimeRule(breakerBps));
  }
  return violations;
}

function isBreakerTime(ms: number, breakerBps: number): boolean {
  return breakerBps === 0 ? ms === 0 : Number.isInteger(ms) && ms >= 1 && ms <= breakerMsMax;
}

function breakerTimeRule(breakerBps: number): string {
  return breakerBps === 0 ? 'goes with breaker_bps only' : 'must be 1 ms to 24 hours, in whole milliseconds';
}

/** Whether two sets of terms agree in everything. */
export function sameTerms(a: Terms, b: Terms): boolean {
  return (Object.keys(a) as (keyof Terms)[]).every((field) => a[field] === b[field]);
}

/** Ticks as a price in dollars, with at least 2 decimals. */
export function priceText(ticks: bigint, { tickSize }: Steps): string {
  return formatTicks(ticks, tickSize);
}

/** The average price in dollars, rounded half up to 6 places, of `lots`, at least 1, whose sum of ticks x lots is `turnover`. */
export function averagePriceText(turnover: bigint, lots: bigint, { tickSize }: Steps): string {
  return formatDecimal((2n * turnover * tickSize + lots) / (2n * lots), PRICE_SCALE, CENT_SCALE);
}

/** Lots as a number of shares. */
export function quantityText(lots: bigint, { lotSize }: Steps): string {
  return formatLots(lots, lotSize);
}
