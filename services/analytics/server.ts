/** Analytics as a running service. */
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { defaultStreamTimes, type StreamTimes } from '#platform/stream/serve-stream.ts';
import type { AnalyticsDeps } from './deps.ts';
import { followQuotes } from './feed/follow-quotes.ts';
import type { needs } from './needs.ts';
import { analyticsBindings } from './rpc/bindings.ts';
import { createMoverLists } from './view/mover-lists.ts';
import { createQuoteBoard } from './view/quote-board.ts';
import { createSeriesStore } from './view/series-store.ts';

/** Parts that tests replace. */
export type AnalyticsOverrides = { streamTimes?: StreamTimes; nowMs?: () => number };

/** Answers at once, and is ready when it has a quote of every instrument. The market may come later, and may go and come back. */
export async function createAnalyticsService(
  app: AppOf<typeof needs>,
  { streamTimes = defaultStreamTimes, nowMs = app.clock.nowMs }: AnalyticsOverrides = {},
): Promise<{ port: number }> {
  const { logger, signal } = app;
  const market = app.clientOf(MarketService);
  const board = createQuoteBoard();
  const series = createSeriesStore({ market, logger });
  app.onDispose(series);
  let complete = false;
  const isComplete = () => complete;
  const deps: AnalyticsDeps = { board, moverLists: createMoverLists(board), series, isComplete, streamTimes, nowMs };
  const server = await serveRpc(app, { bindings: analyticsBindings(deps), authenticator: app.authenticator });
  const onComplete = () => {
    if (!complete) app.ready();
    complete = true;
  };
  joinOnShutdown(app, followQuotes({ market, board, onComplete, signal, logger }));
  return { port: server.port };
}
