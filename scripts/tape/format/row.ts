/** One row of a tape, as text and as what it says. docs/tape.md describes the format. */
import { DecimalError, formatDecimal, PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';

/** The first line of a tape: the format and its version. */
export const versionLine = 'outcry-tape,1';

/** A price and shares at it, both in millionths. */
export type Level = { price: bigint; quantity: bigint };

/** A trade: `side` took the liquidity. */
export type TradeRow = { kind: 'trade'; timeMs: number; symbol: string; level: Level; side: 'buy' | 'sell' };
/** What an auction traded; its time is when its orders enter the book, before the auction's end. */
export type AuctionRow = { kind: 'auction'; timeMs: number; symbol: string; level: Level };
/** The best prices from a time on; a side without orders is undefined. */
export type QuoteRow = {
  kind: 'quote';
  timeMs: number;
  symbol: string;
  bid: Level | undefined;
  ask: Level | undefined;
};

/** A row; times are Unix ms. */
export type TapeRow = TradeRow | AuctionRow | QuoteRow;

/** A row that does not follow the format; the message says which part, for the one who made the file. */
export class RowError extends Error {
  override name = 'RowError';
}

const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const symbolForm = /^[A-Z0-9.]{1,12}$/;

/** Reads a line. Throws RowError. */
export function parseRow(line: string): TapeRow {
  const [time = '', kind = '', symbol = '', ...fields] = line.split(',');
  const timeMs = timeForm.test(time) ? Date.parse(time) : Number.NaN;
  // A date that no calendar has is read as another one.
  if (Number.isNaN(timeMs) || new Date(timeMs).toISOString() !== time) {
    throw new RowError('the time is not of the form 2026-03-10T14:30:00.000Z');
  }
  if (!symbolForm.test(symbol)) throw new RowError('the symbol is not 1 to 12 characters of A-Z, 0-9 and .');
  const common = { timeMs, symbol };
  if (kind === 'trade') {
    const [price, quantity, side] = requireFields(kind, fields, 3);
    if (side !== 'buy' && side !== 'sell') throw new RowError('the side is neither buy nor sell');
    return { kind, ...common, level: levelOf(price, quantity), side };
  }
  if (kind === 'auction') {
    const [price, quantity] = requireFields(kind, fields, 2);
    return { kind, ...common, level: levelOf(price, quantity) };
  }
  if (kind !== 'quote') throw new RowError('the kind is none of trade, auction and quote');
  const [bidPrice, bidQuantity, askPrice, askQuantity] = requireFields(kind, fields, 4);
  const [bid, ask] = [sideOf(bidPrice, bidQuantity), sideOf(askPrice, askQuantity)];
  if (bid && ask && bid.price >= ask.price) throw new RowError('the bid is not below the ask');
  return { kind, ...common, bid, ask };
}

/** Writes a row as a line, without its end. */
export function formatRow(row: TapeRow): string {
  const first = `${new Date(row.timeMs).toISOString()},${row.kind},${row.symbol}`;
  if (row.kind === 'quote') return `${first},${formatLevel(row.bid)},${formatLevel(row.ask)}`;
  const level = `${first},${formatLevel(row.level)}`;
  return row.kind === 'trade' ? `${level},${row.side}` : level;
}

/** A price as the contracts have it, with two decimals at least. */
export function formatPrice(price: bigint): string {
  return formatDecimal(price, PRICE_SCALE, 2);
}

/** Shares as the contracts have them. */
export function formatQuantity(quantity: bigint): string {
  return formatDecimal(quantity, QUANTITY_SCALE);
}

/** A price and shares of the contracts. Throws RowError. */
export function levelOf(price = '', quantity = ''): Level {
  return { price: positive('price', price, PRICE_SCALE), quantity: positive('quantity', quantity, QUANTITY_SCALE) };
}

/** The best price of a side, both of whose fields are empty when it has none. Throws RowError. */
export function sideOf(price = '', quantity = ''): Level | undefined {
  return price === '' && quantity === '' ? undefined : levelOf(price, quantity);
}

function formatLevel(level: Level | undefined): string {
  return level === undefined ? ',' : `${formatPrice(level.price)},${formatQuantity(level.quantity)}`;
}

function requireFields(kind: string, fields: string[], count: number): string[] {
  if (fields.length === count) return fields;
  throw new RowError(`a ${kind} has ${count + 3} fields, not ${fields.length + 3}`);
}

function positive(name: string, text: string, scale: number): bigint {
  try {
    return parseDecimal(text, scale, { min: 1n });
  } catch (error) {
    if (error instanceof DecimalError) throw new RowError(`the ${name} ${error.message}`);
    throw error;
  }
}
