/** Notes the best prices of each second in which they changed. */
import type { Level } from '../domain/book-side.ts';
import { type BestPrice, isSameQuote, type PastQuote, secondOf } from '../domain/past-quote.ts';
import type { MarketView } from './market-view.ts';
import type { SymbolView } from './symbol-view.ts';

/** Quotes that wait to be stored; beyond it the oldest are given up. */
const waitingMax = 10_000;
/** A quote that has not changed for this long is stored also while its second is not over, as a clock may stand still; ms of the machine. */
const settledMs = 1_000;

type Noted = { quote: PastQuote; isStored: boolean; changeMs: number };

/** What is noted of a view. */
export type QuoteSampler = Disposable & {
  /** Takes what is to be stored at a time of the market's clock, in the order in which it was noted: of a second the last one of those taken counts. */
  take(nowMs: number): PastQuote[];
};

/** Listens to all books of a view; it costs a comparison for each change of a quote. */
export function sampleQuotes(view: Pick<MarketView, 'get' | 'listeners'>, machineMs = Date.now): QuoteSampler {
  const noted = new Map<string, Noted>();
  let over: PastQuote[] = [];
  const end = (quote: PastQuote) => {
    over.push(quote);
    if (over.length > waitingMax) over = over.slice(-waitingMax / 2);
  };
  const note = (book: SymbolView) => {
    const quote = quoteOf(book);
    const last = noted.get(book.symbol);
    if (quote === undefined || (last !== undefined && isSameQuote(last.quote, quote))) return;
    if (last?.isStored === false && secondOf(last.quote.timeMs) !== secondOf(quote.timeMs)) end(last.quote);
    noted.set(book.symbol, { quote, isStored: false, changeMs: machineMs() });
  };
  const listening = view.listeners.addToAll({
    quoteChanged(symbol) {
      const book = view.get(symbol);
      if (book !== undefined) note(book);
    },
  });
  return {
    take(nowMs) {
      const taken = over;
      over = [];
      for (const last of noted.values()) {
        const isOver = secondOf(last.quote.timeMs) < secondOf(nowMs) || machineMs() - last.changeMs >= settledMs;
        if (last.isStored || !isOver) continue;
        last.isStored = true;
        taken.push(last.quote);
      }
      return taken;
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  };
}

/** The best prices; undefined before the first event, whose time is not known. */
function quoteOf({ symbol, timeMs, bids, asks }: SymbolView): PastQuote | undefined {
  if (timeMs === undefined) return undefined;
  return { symbol, timeMs, bid: bestOf(bids.levels[0]), ask: bestOf(asks.levels[0]) };
}

function bestOf(level: Level | undefined): BestPrice | undefined {
  return level && { priceTicks: level.priceTicks, quantityLots: level.quantityLots };
}
