import type { StreamTimes } from '#platform/stream/serve-stream.ts';
import type { QuoteBoard } from './follow/quote-board.ts';
import type { SeriesStore } from './follow/series-store.ts';

/** What the handlers work with. */
export type AnalyticsDeps = {
  board: QuoteBoard;
  series: SeriesStore;
  /** Whether the board has had a quote of every instrument. */
  isComplete: () => boolean;
  streamTimes: StreamTimes;
};
