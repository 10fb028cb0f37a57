/** The terms of an instrument, and what ticks and lots of it are worth. */
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
};

/** A field of the terms and what is wrong with it, in words for the caller. */
export type TermsViolation = { field: keyof Terms; description: string };

const symbolPattern = /^[A-Z0-9.]{1,12}$/;
const cashCurrency = 'USD';
const nameLengthMax = 80;
const sectorLengthMax = 40;
const bandBpsMax = 10_000;
const calendarNames = calendars.map(({ id }) => id).join(', ');

/** Whether the text can be a symbol: 1 to 12 characters of [A-Z0-9.]. */
function isSymbol(text: string): boolean {
  return symbolPattern.test(text);
}

/** All that is wrong with the terms; empty when they can be listed. */
export function checkTerms(terms: Terms): TermsViolation[] {
  const { symbol, name, sector, tickSize, lotSize, currency, bandBps, referencePrice, calendar } = terms;
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
  return violations;
}

/** Whether two sets of terms agree in everything. */
export function sameTerms(a: Terms, b: Terms): boolean {
  return (Object.keys(a) as (keyof Terms)[]).every((field) => a[field] === b[field]);
}

/** Ticks as a price in dollars, with at least 2 decimals. */
export function priceText(ticks: bigint, { tickSize }: Steps): string {
  return formatTicks(ticks, tickSize);
}

/** Lots as a number of shares. */
export function quantityText(lots: bigint, { lotSize }: Steps): string {
  return formatLots(lots, lotSize);
}
