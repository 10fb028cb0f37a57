/** What is measured of the view. No series has a symbol: their number does not grow with the instruments. */
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { MarketView } from './market-view.ts';
import type { SymbolView } from './symbol-view.ts';

/** Counts the messages that a slow reader was not sent, as the next one stands for them. */
export type Conflations = { noteConflated(count: number): void };

/** Counts none. */
export const uncounted: Conflations = { noteConflated: () => {} };

const quantiles = [0.5, 0.9, 1] as const;

/** Measures how far the books of each shard have come, their spreads, and, by what it returns, the messages that slow readers were not sent. */
export function measureView(metrics: Metrics, view: MarketView, shards: readonly number[]): Conflations {
  metrics.gauge({
    name: 'outcry_market_feed_sequence',
    help: 'Feed sequence at which this replica shows the books of a shard.',
    labels: ['shard'],
    collect: (gauge) => {
      for (const shard of shards) gauge.set({ shard: String(shard) }, Number(view.head(shard)?.sequence ?? 0n));
    },
  });
  metrics.gauge({
    name: 'outcry_market_books',
    help: 'Books by the sides that have orders.',
    labels: ['sides'],
    collect: (gauge) => {
      const books = [...booksOf(view)];
      const count = (isCounted: (sides: number) => boolean) => books.filter((book) => isCounted(sidesOf(book))).length;
      gauge.set(
        { sides: 'both' },
        count((sides) => sides === 2),
      );
      gauge.set(
        { sides: 'one' },
        count((sides) => sides === 1),
      );
      gauge.set(
        { sides: 'none' },
        count((sides) => sides === 0),
      );
    },
  });
  metrics.gauge({
    name: 'outcry_market_spread_ratio',
    help: 'Quantiles over all books with two sides of their spread, as a share of the price in its middle.',
    labels: ['quantile'],
    collect: (gauge) => {
      gauge.reset();
      const spreads = [...booksOf(view)].flatMap(spreadOf).sort((a, b) => a - b);
      if (spreads.length === 0) return;
      for (const quantile of quantiles) gauge.set({ quantile: String(quantile) }, atQuantile(spreads, quantile));
    },
  });
  const conflated = metrics.counter({
    name: 'outcry_market_stream_messages_conflated_total',
    help: 'Messages of streams that slow readers were not sent, as a newer one stands for them.',
  });
  return { noteConflated: (count) => conflated.inc(count) };
}

function* booksOf(view: MarketView): Generator<SymbolView> {
  for (const symbol of view.symbols()) {
    const book = view.get(symbol);
    if (book !== undefined) yield book;
  }
}

function sidesOf({ bids, asks }: SymbolView): number {
  return Number(bids.levels.length > 0) + Number(asks.levels.length > 0);
}

function spreadOf({ bids, asks }: SymbolView): number[] {
  const [bid, ask] = [bids.levels[0], asks.levels[0]];
  if (bid === undefined || ask === undefined) return [];
  const [low, high] = [Number(bid.priceTicks), Number(ask.priceTicks)];
  return [(high - low) / ((high + low) / 2)];
}

/** The smallest value that at least the share `quantile` of the sorted values does not exceed. */
function atQuantile(sorted: readonly number[], quantile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? Number.NaN;
}
