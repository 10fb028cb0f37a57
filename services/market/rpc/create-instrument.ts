import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { CreateInstrumentRequest, Instrument } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import {
  alreadyExists,
  type FieldViolation,
  invalidArgument,
  invalidArguments,
} from '#platform/errors/outcry-error.ts';
import { DecimalError, PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { listOnExchange } from '../clients/list-on-exchange.ts';
import type { MarketDeps } from '../deps.ts';
import { alwaysOpen } from '../domain/calendar/calendars.ts';
import { checkTerms, sameTerms, type Terms } from '../domain/instrument.ts';
import { driveBook } from '../jobs/drive-book.ts';
import { insertInstrument } from '../store/insert-instrument.ts';
import { instrumentsMax } from '../store/read-instruments.ts';
import { durationMs } from './messages/duration-message.ts';
import { instrumentOf } from './messages/instrument-message.ts';
import { calendarOfInstrument } from './request-fields.ts';

/**
 * Adds an instrument, then opens its book. When the exchange is unavailable the call fails and may be sent again; the instrument is stored
 * and is listed as soon as the exchange is back.
 */
export async function createInstrument(
  deps: MarketDeps,
  { instrument }: CreateInstrumentRequest,
  { signal }: CallContext,
) {
  const { db, catalogue, view, exchange } = deps;
  if (instrument === undefined) throw invalidArgument('instrument', 'is missing');
  const terms = parseTerms(instrument);
  if (!catalogue.get(terms.symbol) && catalogue.list().length >= instrumentsMax) {
    throw invalidArgument('instrument', `the market has ${instrumentsMax} instruments, which is the most`);
  }
  await insertInstrument(db, terms);
  await catalogue.load();
  const listed = catalogue.get(terms.symbol);
  if (listed === undefined || !sameTerms(listed, terms)) {
    const metadata = { symbol: terms.symbol };
    throw alreadyExists(ErrorReason.SYMBOL_ALREADY_LISTED, 'the symbol is listed with other terms', metadata);
  }
  await listOnExchange(exchange, listed, signal);
  // A book opens in continuous trading; one with sessions gets the state of its calendar before anyone is answered.
  const { symbol } = listed;
  const calendar = calendarOfInstrument(listed);
  const driven = calendar.sessions && (await driveBook(deps, { symbol, calendar, signal }));
  const state = driven ?? view.get(symbol)?.state ?? TradingState.CONTINUOUS;
  return { instrument: instrumentOf(listed, { ...view.get(symbol), state }) };
}

function parseTerms(instrument: Instrument): Terms {
  const { symbol, name, sector, bandBps, breakerBps, breakerHaltDuration, breakerAuctionDuration } = instrument;
  const violations: FieldViolation[] = [];
  const decimal = (field: 'tickSize' | 'lotSize' | 'referencePrice', scale: number) => {
    try {
      return parseDecimal(instrument[field], scale, { min: 1n, max: decimalMax });
    } catch (error) {
      if (!(error instanceof DecimalError)) throw error;
      violations.push({ field: fieldPath(field), description: error.message });
      return 0n;
    }
  };
  const terms: Terms = {
    symbol,
    name: name.trim(),
    sector: sector.trim(),
    currency: instrument.currency === '' ? 'USD' : instrument.currency,
    bandBps,
    tickSize: decimal('tickSize', PRICE_SCALE),
    lotSize: decimal('lotSize', QUANTITY_SCALE),
    referencePrice: decimal('referencePrice', PRICE_SCALE),
    calendar: instrument.calendar === '' ? alwaysOpen.id : instrument.calendar,
    breakerBps,
    breakerHaltMs: durationMs(breakerHaltDuration),
    breakerAuctionMs: durationMs(breakerAuctionDuration),
  };
  if (violations.length === 0) {
    for (const { field, description } of checkTerms(terms)) violations.push({ field: fieldPath(field), description });
  }
  if (violations.length > 0) throw invalidArguments(violations);
  return terms;
}

// What the database's bigint holds with room for a sum.
const decimalMax = 10n ** 15n;

function fieldPath(field: string): string {
  const inContract = field.replace(/^(breaker.*)Ms$/, '$1Duration');
  return `instrument.${inContract.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}
