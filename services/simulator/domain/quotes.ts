/** Which quotes a market maker wants, and how it gets from those it has to those. */

/** A side of the book. */
export type QuoteSide = 'buy' | 'sell';

/** A quote that is wanted. */
export type WantedQuote = { side: QuoteSide; priceTicks: number; lots: number };

/** A quote that rests in the book. */
export type RestingQuote = WantedQuote & { orderId: string };

/** What to do next. */
export type QuoteChange = { cancel: RestingQuote } | { place: WantedQuote };

const halfSpreadBps = 5;
const levelGapBps = 4;
const basisPoints = 10_000;
// At this many quotes of inventory too many or too few, both sides have moved by one half spread.
const skewQuotes = 8;

/**
 * `levels` quotes a side around the fair price. Who holds more than the target quotes lower, who holds less quotes higher (the idea of
 * Avellaneda and Stoikov, High-frequency trading in a limit order book, 2008, with a linear skew).
 */
export function wantedQuotes(options: {
  fairTicks: number;
  levels: number;
  lots: number;
  /** Lots held above the target; negative: below. */
  excessLots: number;
}): WantedQuote[] {
  const { fairTicks, levels, lots, excessLots } = options;
  const half = Math.max(1, Math.floor((fairTicks * halfSpreadBps) / basisPoints));
  const gap = Math.max(1, Math.floor((fairTicks * levelGapBps) / basisPoints));
  const skewMax = 2 * half;
  const skew = Math.max(-skewMax, Math.min(skewMax, Math.round((excessLots * half) / (lots * skewQuotes))));
  const quotes: WantedQuote[] = [];
  for (let level = 0; level < levels; level++) {
    const distance = half + level * gap;
    quotes.push({ side: 'buy', priceTicks: fairTicks - skew - distance, lots });
    quotes.push({ side: 'sell', priceTicks: fairTicks - skew + distance, lots });
  }
  return quotes.filter(({ priceTicks }) => priceTicks >= 1);
}

/**
 * Changes that lead from resting to wanted quotes, cancels before the placements that they make room for. A resting quote is left
 * alone while it lies within `toleranceTicks` of a wanted one of its side and at least half of that is left: quotes that are moved at every
 * step lose their place, and what is left of three quotes may be less than one taker takes.
 */
export function quoteChanges(resting: RestingQuote[], wanted: WantedQuote[], toleranceTicks: number): QuoteChange[] {
  const open = new Set(resting);
  const missing: WantedQuote[] = [];
  for (const want of wanted) {
    const near = nearest(open, want);
    const isNear = near !== undefined && Math.abs(near.priceTicks - want.priceTicks) <= toleranceTicks;
    if (isNear && near.lots * 2 >= want.lots) open.delete(near);
    else missing.push(want);
  }
  return [...[...open].map((cancel) => ({ cancel })), ...missing.map((place) => ({ place }))];
}

function nearest(quotes: Iterable<RestingQuote>, want: WantedQuote): RestingQuote | undefined {
  let best: RestingQuote | undefined;
  for (const quote of quotes) {
    if (quote.side !== want.side) continue;
    if (best === undefined || distance(quote, want) < distance(best, want)) best = quote;
  }
  return best;
}

function distance(a: WantedQuote, b: WantedQuote): number {
  return Math.abs(a.priceTicks - b.priceTicks);
}
