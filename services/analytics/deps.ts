import type { StreamTimes } from '#platform/stream/pump.ts';
import type { QuoteBoard } from './view/quote-board.ts';
import type { SeriesStore } from './view/series-store.ts';

/** What the handlers work with. */
export type AnalyticsDeps = {
  board: QuoteBoard;
  series: SeriesStore;
  /** Whether the board has had a quote of every instrument. */
  isComplete: () => boolean;
  streamTimes: StreamTimes;
};
