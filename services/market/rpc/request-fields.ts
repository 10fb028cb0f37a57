/** Fields that several RPCs have: each function reads one, or throws why it is refused. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { CandleInterval as ContractInterval } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument, notFound, unavailable } from '#platform/errors/outcry-error.ts';
import { readCount, readSymbol } from '#platform/validation/request-fields.ts';
import type { MarketDeps } from '../deps.ts';
import type { Calendar } from '../domain/calendar/calendar.ts';
import { calendarOf, calendars } from '../domain/calendar/calendars.ts';
import type { CandleInterval } from '../domain/candle.ts';
import type { Terms } from '../domain/instrument.ts';
import type { Catalogue } from '../view/catalogue.ts';
import { intervalOf } from './messages/market-messages.ts';

/** Symbols of one request. */
export const symbolsMax = 100;

/** The instrument of the symbol. Throws INVALID_FIELD for what has not the form of a symbol, SYMBOL_UNKNOWN for an unknown one. */
export function requireInstrument(catalogue: Catalogue, symbol: string, field = 'symbol'): Terms {
  const terms = catalogue.get(symbol);
  if (terms !== undefined) return terms;
  readSymbol(field, symbol);
  throw notFound(ErrorReason.SYMBOL_UNKNOWN, `there is no instrument ${symbol}`, { symbol });
}

/** The calendar of a name. Throws INVALID_FIELD for an unknown one. */
export function requireCalendar(id: string): Calendar {
  const calendar = calendarOf(id);
  if (calendar !== undefined) return calendar;
  throw invalidArgument('calendar', `must be one of ${calendars.map((known) => known.id).join(', ')}`);
}

/** The calendar of an instrument. Throws UNAVAILABLE for one of a later release, whose replicas know it. */
export function calendarOfInstrument({ calendar }: Terms): Calendar {
  const known = calendarOf(calendar);
  if (known === undefined) throw unavailable();
  return known;
}

/** The symbols, each once, in the order given. Throws for none, for more than 100 and for unknown ones. */
export function requireSymbols(catalogue: Catalogue, symbols: readonly string[]): string[] {
  if (symbols.length === 0 || symbols.length > symbolsMax) {
    throw invalidArgument('symbols', `must be 1 to ${symbolsMax}`);
  }
  for (const symbol of symbols) requireInstrument(catalogue, symbol, 'symbols');
  return [...new Set(symbols)];
}

/** The interval; unspecified is one minute. Throws INVALID_FIELD for an unknown number. */
export function requireInterval(interval: ContractInterval): CandleInterval {
  const known = intervalOf(interval);
  if (known === undefined) throw invalidArgument('interval', 'is not a known length');
  return known;
}

/** Levels a side, 1 to 100; 0 means 10. Throws INVALID_FIELD. */
export function requireLevels(levels: number): number {
  return readCount('levels', levels, { fallback: 10, max: 100 });
}

/** Throws UNAVAILABLE until the view has been built: an empty quote would be taken for an empty book. */
export function requireBuilt({ isBuilt }: MarketDeps): void {
  if (!isBuilt()) throw unavailable();
}
