import type { StreamTimes } from '#platform/stream/serve-stream.ts';
import type { MoverLists } from './view/mover-lists.ts';
import type { QuoteBoard } from './view/quote-board.ts';
import type { SeriesStore } from './view/series-store.ts';

/** What analytics is made of. */
export type AnalyticsDeps = {
  board: QuoteBoard;
  moverLists: MoverLists;
  series: SeriesStore;
  /** Whether the board has had a quote of every instrument. */
  isComplete: () => boolean;
  streamTimes: StreamTimes;
  /** Unix milliseconds. */
  nowMs: () => number;
};
