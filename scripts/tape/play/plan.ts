/**
 * What the accounts of a tape do for its rows: pure, and from the rows alone, so that the same tape leads to the same orders whatever else
 * happens in the books, and a player that begins anew at any row finds the orders of the one before.
 */
import type { NumberedRow } from '../format/read-tape.ts';
import type { Level, TapeRow } from '../format/row.ts';

/** Who places an order: the maker quotes, the taker trades with it. */
export type Trader = 'maker' | 'taker';

/** An order. `key` is unique within the tape and follows from the row. */
export type PlannedOrder = { key: string; trader: Trader; symbol: string; side: 'buy' | 'sell'; level: Level };

/** What a row asks for, in this sequence: orders to cancel, those of the maker, those of the taker, and which of them end with the step. */
export type Step = { cancel: PlannedOrder[]; make: PlannedOrder[]; take: PlannedOrder[]; brief: PlannedOrder[] };

/** The orders of the tape that rest in the books between rows, as far as its rows say. */
export type Planner = {
  /** The step of the next row. */
  next(numbered: NumberedRow): Step;
  /** What rests after the rows so far, each order with its whole quantity. */
  standing(): PlannedOrder[];
};

/** A quote, and how many of its shares the trades of the tape have left. */
type Quote = { order: PlannedOrder; left: bigint };

type Book = { bid: Quote | undefined; ask: Quote | undefined; auction: PlannedOrder[] };

const quoteSides = ['bid', 'ask'] as const;

/** A planner before the first row. */
export function createPlanner(): Planner {
  const books = new Map<string, Book>();
  return {
    next({ line, row }) {
      const book = books.get(row.symbol) ?? { bid: undefined, ask: undefined, auction: [] };
      books.set(row.symbol, book);
      const step: Step = { cancel: book.auction.splice(0), make: [], take: [], brief: [] };
      if (row.kind === 'quote') planQuote(book, row, line, step);
      else if (row.kind === 'trade') planTrade(book, row, line, step);
      else planAuction(book, row, line, step);
      return step;
    },
    standing: () =>
      [...books.values()].flatMap(({ bid, ask, auction }) => [
        ...[bid, ask].flatMap((quote) => (quote === undefined ? [] : [quote.order])),
        ...auction,
      ]),
  };
}

function planQuote(book: Book, row: TapeRow & { kind: 'quote' }, line: number, step: Step): void {
  for (const name of quoteSides) {
    const level = row[name];
    const before = book[name];
    // What stands already stays, with its place in the queue.
    if (level?.price === before?.order.level.price && level?.quantity === before?.left) continue;
    withdraw(book, name, step);
    if (level === undefined) continue;
    const order = orderOf(row.symbol, { key: `${line}:${name}`, side: name === 'bid' ? 'buy' : 'sell', level });
    book[name] = { order, left: level.quantity };
    step.make.push(order);
  }
}

/** The taker takes from the quote where that is as the trade was, else from an order that the maker places for it. */
function planTrade(book: Book, row: TapeRow & { kind: 'trade' }, line: number, step: Step): void {
  const { symbol, level, side } = row;
  const take = orderOf(symbol, { key: `${line}:take`, side, level, trader: 'taker' });
  step.take.push(take);
  step.brief.push(take);
  const passive = side === 'buy' ? 'ask' : 'bid';
  const quote = book[passive];
  if (quote?.order.level.price === level.price && quote.left >= level.quantity) {
    quote.left -= level.quantity;
    if (quote.left === 0n) book[passive] = undefined;
    return;
  }
  // Either would trade in place of the maker's order: at a better price or before it, or with it.
  if (book.bid !== undefined && book.bid.order.level.price >= level.price) withdraw(book, 'bid', step);
  if (book.ask !== undefined && book.ask.order.level.price <= level.price) withdraw(book, 'ask', step);
  const make = orderOf(symbol, { key: `${line}:make`, side: side === 'buy' ? 'sell' : 'buy', level });
  step.make.push(make);
  step.brief.push(make);
}

/** Both orders wait for the end of the auction; the next row of the symbol ends what is left. */
function planAuction(book: Book, { symbol, level }: TapeRow & { kind: 'auction' }, line: number, step: Step): void {
  for (const name of quoteSides) withdraw(book, name, step);
  const sell = orderOf(symbol, { key: `${line}:make`, side: 'sell', level });
  const buy = orderOf(symbol, { key: `${line}:take`, side: 'buy', level, trader: 'taker' });
  step.make.push(sell);
  step.take.push(buy);
  book.auction = [sell, buy];
}

function withdraw(book: Book, name: 'bid' | 'ask', { cancel }: Step): void {
  const quote = book[name];
  if (quote !== undefined) cancel.push(quote.order);
  book[name] = undefined;
}

function orderOf(
  symbol: string,
  { trader = 'maker', ...order }: Pick<PlannedOrder, 'key' | 'side' | 'level'> & { trader?: Trader },
): PlannedOrder {
  return { ...order, trader, symbol };
}
